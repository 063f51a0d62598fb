"""Path templates: which paths they match, and in which order they are tried."""

import re

_PLACEHOLDER = re.compile(r"\{([^}]+)\}")


def specificity(path: str) -> tuple[tuple[bool, str], ...]:
    """Give a sort key that puts literal segments before placeholders, because routers take the first match."""
    return tuple((segment.startswith("{"), segment) for segment in path.split("/"))


def compile_template(path: str) -> re.Pattern[str]:
    """Turn a path template into a regular expression for the paths that it matches."""
    pieces = _PLACEHOLDER.split(path)
    return re.compile("".join("[^/]+" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)) + r"\Z")
