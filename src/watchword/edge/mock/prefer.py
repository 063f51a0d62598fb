"""Which of the document's answers a client asks for: the header ``Prefer`` (RFC 7240)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from watchword.document.http_rules import keys_of, number_of
from watchword.domain.refusal import Unanswerable
from watchword.edge.mock.examples import ExampleAnswers
from watchword.system import Answer

_PREFERENCE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?')
_USUAL_LENGTH = 200
"""Of a header ``Prefer``. Longer ones are not cached, so that clients cannot fill the cache."""
_KNOWN = ("code", "example")


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    What a client asks for.

    Args:
        code: A status; empty for none.
        example: The name of an example; empty for none.
        others: Whether it asks for something else too.
    """

    code: str = ""
    example: str = ""
    others: bool = False


@dataclass(frozen=True, slots=True)
class Preferred:
    """
    The answer that a client asks for.

    Args:
        answer: None if the document does not have it.
        hint: What could not be done, and what could be; empty if everything was.
    """

    answer: Answer | None
    hint: str = ""


def read_wishes(prefer: str) -> Wishes:
    """Read a header ``Prefer``."""
    read = _read if len(prefer) <= _USUAL_LENGTH else _read.__wrapped__
    return read(prefer)


@lru_cache(256)
def _read(prefer: str) -> Wishes:
    found: dict[str, str] = {}
    for name, quoted, plain in _PREFERENCE.findall(prefer):
        # RFC 7240, section 2: the first one counts.
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return Wishes(found.get("code", ""), found.get("example", ""), any(name not in _KNOWN for name in found))


def wished_answer(offered: ExampleAnswers, prefer: str, accept: str = "") -> Preferred:
    """
    Find the answer that a client asks for.

    Args:
        offered: What the document has for the operation.
        prefer: The request's ``Prefer``; ``code=404`` and ``example=NAME`` choose among the answers.
        accept: The request's ``Accept``.

    Raises:
        Unanswerable, NotAcceptable: That answer cannot be given.
    """
    wishes, hints = read_wishes(prefer), []
    if wishes.others:
        hints.append("Prefer: only code=STATUS and example=NAME are known here.")
    status = _status(offered, wishes)
    if wishes.code and status is None:
        hints.append(f"Prefer: that code is not declared here. There are: {', '.join(offered)}.")
    if wishes.example and (status is None or wishes.example not in offered[status].names):
        hints.append(_no_example(offered, status))
    hint = " ".join(hints)
    if status is None:
        return Preferred(None, hint)
    number = number_of(status if wishes.code in ("", status) else wishes.code)
    return Preferred(_answer(offered, status, number, (wishes, accept, hint)), hint)


def usual_answer(offered: ExampleAnswers, prefer: str = "", accept: str = "") -> Answer:
    """
    Give the answer that a client asks for, or else the document's first success.

    Raises:
        Unanswerable, NotAcceptable: It cannot be given.
    """
    hint = ""
    if prefer:
        preferred = wished_answer(offered, prefer, accept)
        if preferred.answer is not None:
            return preferred.answer
        hint = preferred.hint
    if not offered:
        raise Unanswerable("The document declares no answer that ends a request.")
    status = min(offered, key=_usefulness)
    return _answer(offered, status, number_of(status), (Wishes(), accept, hint))


def _usefulness(status: str) -> tuple[bool, int, str]:
    """Order statuses, as a document writes them: successes first."""
    number = number_of(status)
    return not 200 <= number < 300, number, status


def _status(offered: ExampleAnswers, wishes: Wishes) -> str | None:
    """Find the status that is asked for, as the document writes it."""
    if wishes.code in offered:
        return wishes.code
    if wishes.code:
        if len(wishes.code) != 3 or not (wishes.code.isascii() and wishes.code.isdigit()):
            return None
        number = int(wishes.code)
        return next((key for key in keys_of(number) if key in offered), None) if 200 <= number < 600 else None
    if wishes.example:
        ordered = sorted(offered, key=_usefulness)
        return next((status for status in ordered if wishes.example in offered[status].names), None)
    return None


def _answer(offered: ExampleAnswers, status: str, number: int, asked: tuple[Wishes, str, str]) -> Answer:
    wishes, accept, hint = asked
    headers: dict[str, str] = {"Watchword-Answer": "example"}
    applied = [f"code={wishes.code}"] if wishes.code else []
    if wishes.example in offered[status].names:
        plain = re.fullmatch(r"[\w-]+", wishes.example)
        applied.append(f"example={wishes.example}" if plain else f'example="{wishes.example}"')
    if applied:
        headers["Preference-Applied"] = ", ".join(applied)
    if hint:
        headers["Watchword-Hint"] = hint
    return offered[status].answer(number, wishes.example, accept, headers)


def _no_example(offered: ExampleAnswers, status: str | None) -> str:
    """Say that there is no such example, and which there are."""
    chosen: Mapping[str, object] = offered if status is None else {status: None}
    names = dict.fromkeys(name for key in chosen for name in offered[key].names)
    return f"Prefer: there is no such example here. There are: {', '.join(names) or 'none'}."
