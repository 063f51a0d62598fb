"""
Who may use the control API.

Pages of other sites may not. A browser lets such a page reach a loopback address, either directly (its requests
then have an ``Origin``) or under its own name that it lets point to 127.0.0.1 (they then have a foreign ``Host``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from watchword.admin.errors import NotLocal, TokenRequired
from watchword.domain.loopback import is_loopback
from watchword.domain.secret import Secret

HEADER = "watchword-admin-token"


@dataclass(frozen=True, slots=True)
class Access:
    """
    Checks a client before the body of its request is read.

    Args:
        token: Required from every client; None or an empty one lets only clients on this machine pass.
    """

    token: Secret | None = None

    def __call__(self, client: str | None, headers: Mapping[str, str], _operation: object = None) -> None:
        """
        Let a client pass.

        Args:
            client: Its address; None in process or through a Unix socket.
            headers: By lower-case name.

        Raises:
            TokenRequired: A token is required, and the client has not sent it.
            NotLocal: No token is required, and the client, the host, the origin, or whom a proxy names is not this
                machine.
        """
        if self.token:
            if not any(self.token == Secret(sent) for sent in _sent(headers)):
                raise TokenRequired
        else:
            _check_local(client, headers)


def _sent(headers: Mapping[str, str]) -> tuple[str, ...]:
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    bearer = credential.strip() if scheme.lower() == "bearer" else ""
    return headers.get(HEADER, ""), bearer


def _check_local(client: str | None, headers: Mapping[str, str]) -> None:
    if client is not None and not is_loopback(client):
        raise NotLocal("The control API answers clients on its own machine alone")
    host = headers.get("host")
    if host is not None and not is_loopback(_host_of(f"//{host}")):
        raise NotLocal("The control API answers to names of its own machine alone, such as localhost (header Host)")
    origin = headers.get("origin")
    if origin is not None and not is_loopback(_host_of(origin)):
        raise NotLocal("The control API answers pages from its own machine alone (header Origin)")
    for name, read in _FORWARDED.items():
        sent = headers.get(name)
        if sent is not None and not all(is_loopback(_host_of(f"//{one}")) for one in read(sent)):
            raise NotLocal(f"The control API answers no client of another machine through a proxy (header {name})")


def _read_list(value: str) -> list[str]:
    """Read the addresses of ``X-Forwarded-For``: one of IPv6 may stand there without brackets."""
    found = [one.strip().strip('"') for one in value.split(",")]
    return [f"[{one}]" if one.count(":") > 1 and not one.startswith("[") else one for one in found]


def _read_forwarded(value: str) -> list[str]:
    """Read the addresses and hosts of ``Forwarded`` (RFC 7239)."""
    return [one.strip() for one in _FORWARDED_PART.findall(value)]


_FORWARDED_PART = re.compile(r'\b(?:for|host)\s*=\s*"?([^";,]*)', re.IGNORECASE)
_FORWARDED: Mapping[str, Callable[[str], list[str]]] = MappingProxyType(
    {
        "forwarded": _read_forwarded,
        "x-forwarded-for": _read_list,
        "x-forwarded-host": _read_list,
        "x-real-ip": _read_list,
    }
)
"""
What a proxy says about its client, by header.

A proxy on this machine has a local address, and may replace the host. So these headers can take a client's right away;
they never give it, because a client may send them too.
"""


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
