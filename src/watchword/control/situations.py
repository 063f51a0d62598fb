"""What is said of a word that is no situation: which there are in the system that is meant, the nearest first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from watchword.document.conformance import ReadRequest
from watchword.document.violations import tell_choices
from watchword.domain.alike import put_nearest_first
from watchword.domain.refusal import Violation
from watchword.system import System

_FIELDS = ("situations", "situation")


def tell_situations_of_request(read: ReadRequest, systems: Sequence[System]) -> Sequence[Violation]:
    """List the violations of a request, each as `tell_situations` tells it."""
    sent = {"body": read.json, "query": read.parameters.get("query", {})}
    meant = read.parameters.get("path", {}).get("system")
    return [tell_situations(one, sent.get(one.where), systems, meant) for one in read.violations]


def tell_situations(found: Violation, sent: Any, systems: Sequence[System], meant: Any = None) -> Violation:
    """
    Name the situations of one system, where the document can only name those of all.

    Args:
        found: What is wrong with *sent*; it is given back as it is unless it is about a situation that does not exist.
        systems: All; if none of them is meant, the situations are still those of all.
        meant: The name of the system, where *sent* does not name it.
    """
    place = next((number for number, name in enumerate(found.path) if name in _FIELDS), None)
    if found.kind != "enum" or place is None:
        return found
    named = _follow(sent, found.path[:place]).get("system", meant)
    rosters = (one.roster for one in systems if one.name == named)
    words = next((one.situations for one in rosters if one is not None), found.limit)
    return replace(found, detail=tell_choices(put_nearest_first(str(_follow(sent, found.path)), words)))


def _follow(node: Any, path: Iterable[str]) -> Any:
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node
