"""Path templates: which paths they match, and in which order they are tried."""

import re

_PLACEHOLDER = re.compile(r"\{([^}]+)\}")


def specificity(path: str) -> tuple[tuple[bool, str], ...]:
    """Sort key that puts literal segments before placeholders, since routers take the first match."""
    return tuple((segment.startswith("{"), segment) for segment in path.split("/"))


def pattern(path: str) -> re.Pattern[str]:
    """Turn a path template into an expression that concrete paths match."""
    pieces = _PLACEHOLDER.split(path)
    return re.compile("".join("[^/]+" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)) + r"\Z")
