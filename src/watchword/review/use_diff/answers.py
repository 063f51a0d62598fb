"""In what two answers to the same request differ for a client."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from watchword.contract.comparison import Likeness, Likenesses
from watchword.contract.subjects import SUBJECTS
from watchword.review.use_diff.recorded import Recorded

_LIKENESSES: Mapping[str, Likenesses] = {name: one.likenesses for name, one in SUBJECTS.items()}
_FREE = (Likeness.ROLE, Likeness.CODE, Likeness.TEXT, Likeness.OWN, Likeness.STEADY, Likeness.COUNT)
"""What a server chooses: letters of ids and tokens, and words."""
_PASSING = frozenset(("date", "content-length", "etag", "last-modified", "expires", "request-ref"))
_OURS = "watchword-"
_SHOWN = 40


def difference(base: Recorded, head: Recorded) -> str:
    """Say in what an answer differs besides its status and code, the first that is found; nothing if in nothing."""
    likenesses = _LIKENESSES.get(base.system, {})
    return next(_differences(base, head, likenesses), "")


def _differences(base: Recorded, head: Recorded, likenesses: Likenesses) -> Iterator[str]:
    if base.status != head.status or base.code != head.code:
        yield "status"
        return
    yield from _members(base.answer, head.answer, "body", likenesses)
    if base.mails != head.mails:
        yield f"messages: {_sent(base)} → {_sent(head)}"
    before, after = (frozenset(name for name in one.answer_headers if _counts(name)) for one in (base, head))
    for name in sorted(before | after):
        if name not in before or name not in after:
            yield f"header {name}: {'is new' if name in after else 'is gone'}"
        elif likenesses.get(name) not in _FREE and base.answer_headers[name] != head.answer_headers[name]:
            yield f"header {name}: {_told(base.answer_headers[name])} → {_told(head.answer_headers[name])}"


def _sent(one: Recorded) -> str:
    return ", ".join(f"to {mail}" for mail in one.mails) or "none"


def _counts(name: str) -> bool:
    return name not in _PASSING and not name.startswith(_OURS)


def _members(base: Any, head: Any, place: str, likenesses: Likenesses) -> Iterator[str]:
    if isinstance(base, Mapping) and isinstance(head, Mapping):
        for name in {**base, **head}:
            if name not in base or name not in head:
                yield f"{place}/{name}: {'is new' if name in head else 'is gone'}"
            elif likenesses.get(name) not in _FREE or isinstance(base[name], Mapping | list):
                yield from _members(base[name], head[name], f"{place}/{name}", likenesses)
    elif isinstance(base, list) and isinstance(head, list):
        if len(base) != len(head):
            yield f"{place}: {len(base)} entries → {len(head)}"
        for one, other in zip_longest(base[: len(head)], head[: len(base)]):
            yield from _members(one, other, f"{place}/*", likenesses)
    elif base != head:
        yield f"{place}: {_told(base)} → {_told(head)}"


def _told(value: Any) -> str:
    text = repr(value) if isinstance(value, str | int | float | bool) else type(value).__name__ if value else "nothing"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def is_refusal(status: int) -> bool:
    """Whether an answer says no."""
    return status >= HTTPStatus.BAD_REQUEST
