"""Path templates: which paths they match, and in which order they are tried."""

import re
from urllib.parse import unquote

ENCODED_SLASH = "\ufdd0"
"""
What stands for ``%2F`` in a path while it is matched: such a slash is part of a value and separates nothing (RFC 3986,
section 2.2). Unicode keeps this character for use inside of programs.
"""
_ENCODED = re.compile(r"%2[fF]")
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")
_LONGEST = 1000
"""Literal characters of a segment; more make no difference."""


def decode_path(path: str, raw: bytes) -> str:
    """
    Tell the slashes of a path that were encoded from those that separate its segments.

    Args:
        path: Decoded.
        raw: As sent.
    """
    if b"%2" not in raw:
        return path
    return ENCODED_SLASH.join(unquote(piece) for piece in _ENCODED.split(raw.decode("latin-1")))


def specificity(path: str) -> tuple[tuple[int, str], ...]:
    """
    Give a sort key, because routers take the first match.

    Literal segments come before those with a placeholder, and of these the ones with more literal characters.
    """
    return tuple((_openness(segment), segment) for segment in path.split("/"))


def _openness(segment: str) -> int:
    literal, placeholders = _PLACEHOLDER.subn("", segment)
    return _LONGEST - min(len(literal), _LONGEST - 1) if placeholders else 0


def compile_template(path: str, *, empty_last: bool = False) -> re.Pattern[str]:
    """
    Turn a path template into a regular expression for the paths that it matches.

    Args:
        empty_last: Whether a parameter that is the whole last segment may be empty.
    """
    pieces = _PLACEHOLDER.split(path)
    expressions = ["[^/]+" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)]
    if empty_last and ends_with_parameter(path):
        expressions[-2] = "[^/]*"
    return re.compile("".join(expressions) + r"\Z")


def ends_with_parameter(path: str) -> bool:
    """Whether the last segment of a path template is one parameter and nothing else."""
    return _PLACEHOLDER.fullmatch(path.rpartition("/")[2]) is not None


def placeholders(path: str) -> tuple[str, ...]:
    """Name the placeholders of a path template, in their order."""
    return tuple(_PLACEHOLDER.findall(path))


def nameless(path: str) -> str:
    """Write a path template without the names of its placeholders: it matches the same requests."""
    return _PLACEHOLDER.sub("{}", path)


def without_names(path: str, number: int) -> tuple[str, tuple[str, ...]]:
    """
    Number the placeholders of *path*: OpenAPI allows names that a router does not.

    Args:
        number: Makes the path differ from every other one with another number.

    Returns:
        The path, and the names in their order.
    """
    pieces = _PLACEHOLDER.split(path)
    numbered = (f"{{p{number}_{index // 2}}}" if index % 2 else piece for index, piece in enumerate(pieces))
    return "".join(numbered), placeholders(path)
