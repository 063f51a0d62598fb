"""The section of a report about documents."""

from collections.abc import Sequence

from watchword.review.difference import Difference, Occurrence, Part, Section
from watchword.review.document_diff.change import Change
from watchword.review.document_diff.documents import compare_documents
from watchword.review.sides import Side
from watchword.review.sources import Excerpt

_INVISIBLE = "Not judged: names of components, which clients do not see."


def compare_sides(base: Side, head: Side) -> Section:
    """Compare the documents of two sides."""
    found = compare_documents(base.content_beside(head), head.content_beside(base))
    grouped: dict[object, list[Change]] = {}
    for one in found.changes:
        grouped.setdefault((one.category, one.level, one.what, one.base, one.head), []).append(one)
    return Section(
        Part.DOCUMENT,
        "What the documents say",
        tuple(_difference(group, base, head) for group in grouped.values()),
        (*_not_judged(found.not_judged), _INVISIBLE),
    )


def _difference(group: Sequence[Change], base: Side, head: Side) -> Difference:
    first = group[0]
    return Difference(
        first.category,
        first.level,
        f"{told_place(first)}{first.what}",
        first.why,
        _excerpt(base, first.base),
        _excerpt(head, first.head) or head.removal(first.base),
        tuple(Occurrence(one.operation, one.pointer, one.fingerprint) for one in group),
    )


def _excerpt(side: Side, steps: tuple[str, ...] | None) -> Excerpt | None:
    return None if steps is None else side.excerpt(steps)


def _not_judged(changes: Sequence[Change]) -> list[str]:
    """Name what differs and is not judged, each kind once."""
    kinds: dict[str, list[Change]] = {}
    for one in changes:
        kinds.setdefault(one.where[-1] if one.where else "", []).append(one)
    return [
        f"Not judged: {name} ({group[0].operation or 'the document'}{group[0].pointer}"
        f"{f' and {len(group) - 1} more' if len(group) > 1 else ''})."
        for name, group in kinds.items()
    ]


_FIXED = {
    "requestBody": "request body",
    "items": "entries",
    "additionalProperties": "further properties",
    "not": "excluded values",
}
_SKIPPED = ("schema", "content", "discriminator", "mapping")


def told_place(change: Change) -> str:
    """Tell people where in an operation something is: ``request body, password: ``."""
    words, path = list[str](), list[str]()
    steps = iter(change.where)
    for step in steps:
        if step in ("properties", "x-always"):
            path.append(next(steps, ""))
        elif step == "responses":
            words.append(f"answer {next(steps, '')}")
        elif step == "parameters":
            place, name = next(steps, ""), next(steps, "")
            words.append(f"{place} parameter {name}" if place != "path" else "path parameter")
        elif step == "headers":
            words.append(f"header {next(steps, '')}")
        elif step in ("oneOf", "anyOf"):
            path.append(f"<{next(steps, '')}>")
        elif step == "content":
            media_type = next(steps, "")
            words += [] if media_type == "application/json" else [media_type]
        elif step in _FIXED:
            (words if step == "requestBody" else path).append(_FIXED[step])
        elif step not in _SKIPPED:
            break
    told = [*words, *([".".join(path)] if path else [])]
    return f"{', '.join(told)}: " if told else ""
