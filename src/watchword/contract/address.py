"""Addresses that somebody writes down: what cannot be used is refused before anything is sent."""

from urllib.parse import SplitResult, urlsplit


class UnusableAddress(ValueError):
    """It cannot be used; the message says what would be right, and repeats nothing that may be a password."""


_HEADER = 'send it as a header instead, Authorization = "$NAME" in [server.headers] of the bindings'

_FORM = "has to begin with http:// or https:// and a host, as in https://test.example"


def read_address(text: str, *, instead: str = _HEADER) -> SplitResult:
    """
    Take an address apart.

    Args:
        instead: What is right where it has a name or a password in it.

    Raises:
        UnusableAddress: It cannot be used.
    """
    if "@" in text.partition("://")[2].partition("/")[0]:
        raise UnusableAddress(f"has a name or a password in it, which logs and reports would repeat: {instead}")
    if not text.strip():
        raise UnusableAddress(f"is empty: it {_FORM}")
    # The errors repeat what they are about, and a port that is not a number may be a password.
    try:
        parts = urlsplit(text)
    except ValueError:
        raise UnusableAddress("cannot be read: its host is not written as one") from None
    try:
        port = parts.port
    except ValueError:
        raise UnusableAddress("cannot be read: its port is not a number up to 65535") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnusableAddress(_FORM)
    if not (parts.path + parts.query).isascii():
        raise UnusableAddress("has letters beyond ASCII in its path: write them percent-encoded")
    if port == 0:
        raise UnusableAddress("has the port 0, at which nobody listens")
    return parts


def read_base_address(text: str, *, instead: str = _HEADER) -> SplitResult:
    """
    Take an address apart that the paths of requests follow, as `read_address` does.

    Raises:
        UnusableAddress: It cannot be used, or has more than a path.
    """
    parts = read_address(text, instead=instead)
    if parts.query or parts.fragment:
        raise UnusableAddress(
            "has a query or a fragment: leave it out, because the paths of requests follow the address"
        )
    return parts
