"""Which change of the documents makes an answer differ."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from watchword.contract.oracle import Decided
from watchword.document.references import pointer_steps
from watchword.journal.entry import Decider
from watchword.review.behaviour_diff.changed_answer import Cause, Means
from watchword.review.document_diff.change import Change
from watchword.review.document_diff.documents import compare_documents
from watchword.review.document_diff.section import told_place
from watchword.review.level import Level
from watchword.review.sides import Side

_CAPITAL = re.compile(r"(?=[A-Z])")
_BODY, _PARAMETERS, _SECURITY = "requestBody", "parameters", "security"


class DocumentChanges:
    """What differs in the documents of two sides, by operation."""

    def __init__(self, base: Side, head: Side) -> None:
        self._base, self._head = base, head

    @cached_property
    def _by_place(self) -> Mapping[str, Sequence[Change]]:
        found: dict[str, list[Change]] = defaultdict(list)
        for one in compare_documents(
            self._base.content_beside(self._head), self._head.content_beside(self._base)
        ).changes:
            found[one.operation].append(one)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs but settings and what people read."""
        return all(
            one.level is Level.HARMLESS or one.category == "setting-changed"
            for changes in self._by_place.values()
            for one in changes
        )

    def removal(self, place: str) -> Cause | None:
        """Tell that HEAD does not have an operation, by its method and path; None if it does."""
        changes = self._by_place.get(place, ())
        return next((_cause(one) for one in changes if one.category.endswith("operation-removed")), None)

    def cause(self, place: str, decided: Sequence[Decided]) -> Cause | None:
        """
        Find what makes the answers of an operation differ.

        Args:
            place: Its method and path.
            decided: What decided on the sides.

        Returns:
            None if nothing does; what the sides were decided by if the documents say it, or else the gravest change.
        """
        changes = self._by_place.get(place, ())
        for one in decided:
            found = _named(changes, one)
            if found is not None:
                return _cause(found)
        grave = sorted((one for one in changes if one.level is not Level.HARMLESS), key=lambda one: one.level.rank)
        return _cause(grave[0]) if grave else None


def _named(changes: Sequence[Change], decided: Decided) -> Change | None:
    """Find the change of what decided."""
    if decided.kind is Decider.SECURITY:
        return next((one for one in changes if one.where[:1] == (_SECURITY,)), None)
    if decided.kind is not Decider.SCHEMA:
        return None
    where, *rest = pointer_steps(f"#/{decided.id}")[3:] or [""]
    if not rest:
        return None
    *names, keyword = rest
    here = [one for one in changes if one.where[:1] == (where,) and tuple(_names(one.where)) == tuple(names)]
    exact = [one for one in here if "-".join(_CAPITAL.split(keyword)).lower() in one.category]
    return next(iter(exact or here), None)


def _names(where: Sequence[str]) -> Iterator[str]:
    """Give the names that lead to a field, as what decided has them."""
    steps = iter(where)
    if next(steps) == _PARAMETERS:
        yield next(steps, "")
        yield next(steps, "")
    for step in steps:
        if step == "properties":
            yield next(steps, "")


def _cause(change: Change) -> Cause:
    told = f"{told_place(change)}{change.what}"
    return Cause(Means.DOCUMENT, change.pointer, f"The document, {told}.", change.base, change.head)
