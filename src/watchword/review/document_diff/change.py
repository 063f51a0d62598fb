"""One difference of two documents."""

from dataclasses import dataclass, replace
from hashlib import blake2b

import orjson

from watchword.contract.finding import fingerprint_of
from watchword.document.origins import Steps
from watchword.document.references import pointer_step
from watchword.review.document_diff.categories import category_of
from watchword.review.document_diff.parts import Part
from watchword.review.level import Level, Way

_SHOWN = 60
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    One difference, in one operation.

    Args:
        category: Its name (`categories`).
        where: In the operation, as if nothing were a reference: it stays when something becomes a component.
        why: Why it matters, or does not.
        what: What differs, such as ``minLength: 8 → 10``.
        before: The value in BASE, as JSON; empty if there is none. With *after* it is part of the fingerprint, so that
            an approval of 8 → 10 does not cover 8 → 12.
        base: Where it stands in BASE; None if it does not.
        head: Where it stands in HEAD.
        operation: Its method and path; empty for what belongs to no operation.
    """

    category: str
    level: Level
    why: str
    where: Steps
    what: str
    before: str = ""
    after: str = ""
    base: Steps | None = None
    head: Steps | None = None
    operation: str = ""

    def below(self, *steps: str) -> "Change":
        """Give it as a change of something greater, in which it is below *steps*."""
        return replace(self, where=(*steps, *self.where))

    @property
    def pointer(self) -> str:
        """The JSON pointer of *where*."""
        return "".join(f"/{pointer_step(step)}" for step in self.where)

    @property
    def fingerprint(self) -> str:
        """The same for the same change in every commit, wherever the files have it."""
        return fingerprint_of(self.category, self.operation, self.pointer, self.before, self.after)


def change(
    category: str,
    what: str,
    base: Part | None,
    head: Part | None,
    *,
    where: Steps = (),
    way: Way = Way.REQUEST,
) -> Change:
    """
    Make a change.

    Args:
        base: What stands in BASE; its value is compared.
        head: What stands in HEAD.
        way: Which way values go, if it is about values.
    """
    kind = category_of(category)
    return Change(
        category,
        kind.level(way),
        kind.why(way),
        where,
        what,
        "" if base is None else written(base.value),
        "" if head is None else written(head.value),
        None if base is None else base.steps,
        None if head is None else head.steps,
    )


def written(value: object) -> str:
    """Write a value in one way; a long one as its digest."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return text.decode() if len(text) <= _SHOWN else blake2b(text, digest_size=8).hexdigest()


def shown(value: object) -> str:
    """Show a value to people, shortened."""
    text = orjson.dumps(value).decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def turned(name: str, before: object, after: object) -> str:
    """Say that a value became another."""
    return f"{name}: {shown(before)} → {shown(after)}"


def moved(name: str, before: Part | None, after: Part | None) -> str:
    """Say that what stands in one place became another, came, or went."""
    told = ("none" if part is None else shown(part.value) for part in (before, after))
    return f"{name}: {' → '.join(told)}"
