"""Where clients find the server: links lead there, and tokens are issued in its name."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from watchword.document.structure import METHODS, path_items

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


def path_of(url: str) -> str:
    """Give the path of an address of ours: what stands before every path that a client of it uses."""
    path = "".join(f"/{rest}" for rest in url.split("/", 3)[3:])
    # The host is whatever the client sent, so a part of it could be taken for a path.
    return path if _PREFIX.fullmatch(path) else ""


def under_prefix(prefix: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Copy an OpenAPI document, with *prefix* before the paths of its servers; other hosts stay."""
    return _with_servers(document, lambda servers: [{**one, "url": _moved(prefix, one["url"])} for one in servers])


def served_at(url: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Copy an OpenAPI document, with *url* as the only server: tools call the server that is named nearest."""
    return {**_with_servers(document, lambda _servers: []), "servers": [{"url": url}]}


def _with_servers(document: Mapping[str, Any], change: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """Change the servers of a document, its path items and its operations; those without any are left out."""

    def changed(part: Mapping[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in part.items() if key != "servers"}
        servers = change(part.get("servers") or [])
        return {**rest, "servers": servers} if servers else rest

    paths = {
        path: changed({key: changed(value) if key in METHODS else value for key, value in item.items()})
        for path, item in path_items(document)
    }
    return {**changed(document), "paths": {**document["paths"], **paths}}


def _moved(prefix: str, url: str) -> str:
    return f"{prefix}{url}".rstrip("/") if url.startswith("/") and not url.startswith("//") else url


def _first(headers: Mapping[str, str], name: str) -> str:
    """Give what the first of several proxies, the one nearest to the client, has written."""
    return headers.get(name, "").partition(",")[0].strip()
