"""
Methods that the parser does not know.

A method is any token (RFC 9110, section 9.1), but the parser knows a list of them, and everything else is not HTTP to
it. Such a head is parsed a second time, with a method that the parser knows in the place of its own.
"""

import re

import httptools

STAND_IN = b"POST"
"""It may have a body, and needs none."""
MOST_BYTES = 32
"""The longest method that is looked at; RFC 9112, section 3, has 501 for a longer one."""
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def unknown_method(start: bytes) -> bytes | None:
    """
    Find the method that the parser stumbled over.

    Args:
        start: The bytes of the request so far.

    Returns:
        All of it that has arrived. None if there is no method here, or one that the parser knows, so that something
        later was wrong.
    """
    found = _TOKEN.match(start)
    if found is None or start[found.end() : found.end() + 1] not in (b"", b" "):
        return None
    try:
        httptools.HttpRequestParser(object()).feed_data(found[0] + b" ")
    except httptools.HttpParserInvalidMethodError:
        return found[0]
    return None
