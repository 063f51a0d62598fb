"""Where clients find the server: links lead there, and tokens are issued in its name."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from watchword.document.structure import METHODS, path_items
from watchword.edge.host_names import HOST

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")


def read_public_url(text: str) -> str:
    """
    Read the address of a proxy before the server; what is returned has no slash at its end.

    Raises:
        ValueError: It is not an address, or has more than scheme, host, port and path.
    """
    try:
        parts = urlsplit(text)
        host = HOST.fullmatch(parts.netloc) is not None and parts.port != 0
    except ValueError:
        host = False
    path = host and (parts.path in ("", "/") or _PREFIX.fullmatch(parts.path) is not None)
    if not path or parts.scheme not in ("http", "https") or "?" in text or "#" in text:
        raise ValueError("is not an address such as https://test.example/watchword, without query and fragment")
    return text.rstrip("/")


Proxies = Sequence[IPv4Network | IPv6Network]
"""The addresses of proxies whose headers ``X-Forwarded-…`` count."""


def read_proxy(text: str) -> IPv4Network | IPv6Network:
    """
    Read the address of a trusted proxy, or a network of them.

    Raises:
        ValueError: It is neither.
    """
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ValueError("is not an address such as 10.0.0.7 or a network such as 10.0.0.0/8") from None


def is_trusted(client: str | None, proxies: Proxies) -> bool:
    """
    Whether the headers ``X-Forwarded-…`` of a request count.

    Args:
        client: The address that sent it; None through a Unix socket, which is trusted if any proxy is.
    """
    if not proxies:
        return False
    if client is None:
        return True
    address = _address(client)
    return address is not None and any(address in network for network in proxies)


@lru_cache(64)
def _address(client: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(client)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def server_url(scheme: str, headers: Mapping[str, str], *, forwarded: bool = False) -> str:
    """
    Tell the address that a client used, over every version of HTTP.

    Whoever sends the request says it in ``Host``, so nothing may depend on it but what that client is answered.

    Args:
        scheme: Of the connection.
        forwarded: Whether a trusted proxy sent the request, whose headers ``X-Forwarded-…`` count.
    """
    host = headers.get("host", "")
    if forwarded:
        told = _first(headers, "x-forwarded-proto").lower()
        scheme = told if told in ("http", "https") else scheme
        told = _first(headers, "x-forwarded-host")
        host = told if HOST.fullmatch(told) else host
        prefix = _first(headers, "x-forwarded-prefix")
        return f"{scheme}://{host}{prefix.rstrip('/') if _PREFIX.fullmatch(prefix) else ''}"
    return _origin(scheme, host)


@lru_cache(64)
def _origin(scheme: str, host: str) -> str:
    """Write the address of a host; requests in the journal share it."""
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
