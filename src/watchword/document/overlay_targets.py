"""The targets of overlays: JSONPath as people write it, and where a target is found that a reference hides."""

import re
from typing import Any, NamedTuple

from jsonpath_rfc9535 import DEFAULT_ENV, JSONPathQuery

from watchword.document.references import pointer_steps
from watchword.document.structure import kind_at, reference_in

Location = tuple[int | str, ...]
_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


class Hidden(NamedTuple):
    """
    What a target means that matches nothing, because a JSONPath does not follow references.

    Args:
        by: Where the reference stands, as a JSONPath.
        found: Where the target is found behind it.
    """

    by: str
    reference: str
    found: str


def tell_unmatched(target: str, hidden: Hidden | None) -> str:
    """Say that a target matches nothing, and what would be right if a reference hides it."""
    told = f"target {target} matches nothing in the document"
    if hidden is None:
        return told
    right = f"write {hidden.found}, which all share that refer to it"
    return f"{told}: {hidden.by} is a reference to {hidden.reference}; {right}"


def find_hidden(path: str, document: Any, passed: frozenset[str] = frozenset()) -> Hidden | None:
    """
    Find what the JSONPath *path*, which matches nothing, would match if it followed references.

    Args:
        passed: The references that led here.

    Returns:
        None if it would match nothing either.
    """
    segments = DEFAULT_ENV.compile(path).segments
    for count in range(len(segments) - 1, 0, -1):
        for node in JSONPathQuery(env=DEFAULT_ENV, segments=segments[:count]).find(document):
            reference = reference_in(kind_at(node.location), node.value)
            target = None if reference is None else _location_of(reference, document)
            if reference is None or target is None or reference in passed:
                continue
            there = f"{write_path(target)}{''.join(map(str, segments[count:]))}"
            found = _shown(there, document)
            if not found and (further := find_hidden(there, document, passed | {reference})):
                found = further.found
            if found:
                return Hidden(write_path(node.location), reference, found)
    return None


def write_path(location: Location) -> str:
    """Write the JSONPath of one place, as people do."""
    return f"${''.join(map(_written, location))}"


def _written(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _NAME.match(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _shown(path: str, document: Any) -> str:
    """Show what *path* matches: the one place, or *path* itself if there are several; empty if it matches nothing."""
    found = DEFAULT_ENV.find(path, document)
    if not found:
        return ""
    return write_path(found[0].location) if len(found) == 1 else path


def _location_of(reference: str, document: Any) -> Location | None:
    """Find the place that a reference leads to; None if it leads nowhere, or out of *document*."""
    if not reference.startswith("#/"):
        return None
    location: list[int | str] = []
    for name in pointer_steps(reference):
        step = int(name) if isinstance(document, list) and name.isdecimal() else name
        try:
            document = document[step]
        except (LookupError, TypeError):
            return None
        location.append(step)
    return tuple(location)
