"""Where clients find the server: links lead there, and tokens are issued in its name."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")


def read_public_url(text: str) -> str:
    """
    Read the address of a proxy before the server; what is returned has no slash at its end.

    Raises:
        ValueError: It is not an address, or has more than scheme, host, port and path.
    """
    try:
        parts = urlsplit(text)
        host = _HOST.fullmatch(parts.netloc) is not None and parts.port != 0
    except ValueError:
        host = False
    path = host and (parts.path in ("", "/") or _PREFIX.fullmatch(parts.path) is not None)
    if not path or parts.scheme not in ("http", "https") or "?" in text or "#" in text:
        raise ValueError("is not an address such as https://test.example/watchword, without query and fragment")
    return text.rstrip("/")


def server_url(scheme: str, headers: Mapping[str, str]) -> str:
    """
    Tell the address that a client used, over every version of HTTP.

    Whoever sends the request says it, in ``Host`` or, as a proxy does, in ``X-Forwarded-…``; so nothing may depend on
    it but what that client is answered.

    Args:
        scheme: Of the connection.
    """
    host = headers.get("host", "")
    if "x-forwarded-proto" in headers or "x-forwarded-host" in headers or "x-forwarded-prefix" in headers:
        forwarded = _first(headers, "x-forwarded-proto").lower()
        scheme = forwarded if forwarded in ("http", "https") else scheme
        forwarded = _first(headers, "x-forwarded-host")
        host = forwarded if _HOST.fullmatch(forwarded) else host
        prefix = _first(headers, "x-forwarded-prefix")
        return f"{scheme}://{host}{prefix.rstrip('/') if _PREFIX.fullmatch(prefix) else ''}"
    return f"{scheme}://{host}"


def under_prefix(prefix: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Copy an OpenAPI document, with *prefix* before the paths of its servers."""
    paths = {path: _moved(prefix, item) for path, item in document["paths"].items()}
    return {**_moved(prefix, document), "paths": paths}


def _moved(prefix: str, part: Mapping[str, Any]) -> dict[str, Any]:
    servers = [{**one, "url": f"{prefix}{one['url']}".rstrip("/")} for one in part.get("servers", ())]
    return {**part, "servers": servers} if servers else {**part}


def _first(headers: Mapping[str, str], name: str) -> str:
    """Give what the first of several proxies, the one nearest to the client, has written."""
    return headers.get(name, "").partition(",")[0].strip()
