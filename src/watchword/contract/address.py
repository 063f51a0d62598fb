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
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UnusableAddress(f"is no address: {_mildly(error)}") from None
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


def _mildly(error: ValueError) -> str:
    """Say what is wrong, without what is wrong: a port that is no number may be a password."""
    return "its port is not a number up to 65535" if "ort" in str(error) else "its host is not written as one"
