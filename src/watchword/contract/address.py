"""Addresses that somebody writes down: what cannot be used is refused before anything is sent."""

from urllib.parse import SplitResult, urlsplit


class UnusableAddress(ValueError):
    """It cannot be used; the message says what would be right, and repeats nothing that may be a password."""


def read_address(text: str) -> SplitResult:
    """
    Take an address apart.

    Raises:
        UnusableAddress: It cannot be used.
    """
    # The errors repeat what they are about, and a port that is not a number may be a password.
    try:
        parts = urlsplit(text)
    except ValueError:
        raise UnusableAddress("is not an address: its host is not written as one") from None
    try:
        port = parts.port
    except ValueError:
        raise UnusableAddress("is not an address: its port is not a number up to 65535") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnusableAddress("is not an address that begins with http:// or https:// and a host")
    if "@" in parts.netloc:
        raise UnusableAddress(
            "has a name or a password in it, which reports would repeat: send it as a header instead,"
            ' Authorization = "$NAME" in [server.headers] of the bindings'
        )
    if not (parts.path + parts.query).isascii():
        raise UnusableAddress("has letters beyond ASCII in its path: write them percent-encoded")
    if port == 0:
        raise UnusableAddress("has the port 0, at which nobody listens")
    return parts
