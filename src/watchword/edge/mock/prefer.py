"""Which of the document's answers a client asks for, or a fault gives."""

import re
from dataclasses import dataclass

from watchword.document.http_rules import key_of, number_of
from watchword.domain.refusal import Unanswerable
from watchword.edge.mock.examples import ExampleAnswers
from watchword.edge.mock.wishes import Wishes
from watchword.system import Answer


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


def problems_of(offered: ExampleAnswers, wishes: Wishes) -> tuple[str, ...]:
    """Say what of *wishes* cannot be fulfilled where *offered* is what the document has, as sentences."""
    problems = list(wishes.problems)
    status = _status(offered, wishes)
    if wishes.code and status is None:
        problems.append(f"Prefer: that code is not declared here. There are: {', '.join(offered)}.")
    if wishes.example and (status is None or wishes.example not in offered[status].names):
        names = ", ".join(example_names(offered, wishes)) or "none"
        problems.append(f"Prefer: there is no such example here. There are: {names}.")
    return tuple(problems)


def example_names(offered: ExampleAnswers, wishes: Wishes) -> tuple[str, ...]:
    """List the names of examples: of the answer that *wishes* choose by their code, or of all answers."""
    status = _status(offered, wishes)
    chosen = offered if status is None else (status,)
    return tuple(dict.fromkeys(name for key in chosen for name in offered[key].names))


def can_answer(offered: ExampleAnswers, wishes: Wishes) -> bool:
    """Whether the document has exactly the answer that is asked for, and its data can be made."""
    status = _status(offered, wishes)
    if status is None or offered[status].missing:
        return False
    return not wishes.example or wishes.example in offered[status].names


def wished_answer(offered: ExampleAnswers, wishes: Wishes, accept: str = "") -> Preferred:
    """
    Find the answer that a client asks for.

    Args:
        offered: What the document has for the operation.
        wishes: Their ``code`` and ``example`` choose among the answers.
        accept: The request's ``Accept``.

    Raises:
        Unanswerable, NotAcceptable: That answer cannot be given.
    """
    hint, status = " ".join(problems_of(offered, wishes)), _status(offered, wishes)
    if status is None:
        return Preferred(None, hint)
    number = number_of(status if wishes.code in ("", status) else wishes.code, offered)
    return Preferred(_answer(offered, status, number, (wishes, accept, hint)), hint)


def usual_answer(offered: ExampleAnswers, wishes: Wishes | None = None, accept: str = "") -> Answer:
    """
    Give the answer that a client asks for, or else the document's first success.

    Raises:
        Unanswerable, NotAcceptable: It cannot be given.
    """
    hint = ""
    if wishes is not None:
        preferred = wished_answer(offered, wishes, accept)
        if preferred.answer is not None:
            return preferred.answer
        hint = preferred.hint
    if not offered:
        raise Unanswerable("The document declares no answer that ends a request.")
    status = _by_usefulness(offered)[0]
    return _answer(offered, status, number_of(status, offered), (Wishes(), accept, hint))


def _by_usefulness(offered: ExampleAnswers) -> list[str]:
    """Order statuses, as a document writes them: successes first."""

    def usefulness(status: str) -> tuple[bool, int, str]:
        number = number_of(status, offered)
        return not 200 <= number < 300, number, status

    return sorted(offered, key=usefulness)


def _status(offered: ExampleAnswers, wishes: Wishes) -> str | None:
    """Find the status that is asked for, as the document writes it."""
    if wishes.code in offered:
        return wishes.code
    if wishes.code:
        if len(wishes.code) != 3 or not (wishes.code.isascii() and wishes.code.isdigit()):
            return None
        number = int(wishes.code)
        return key_of(number, offered) if 200 <= number < 600 else None
    if wishes.example:
        return next((status for status in _by_usefulness(offered) if wishes.example in offered[status].names), None)
    return None


def _answer(offered: ExampleAnswers, status: str, number: int, asked: tuple[Wishes, str, str]) -> Answer:
    wishes, accept, hint = asked
    headers: dict[str, str] = {"Watchword-Answer": "example"}
    applied = [f"code={wishes.code}"] if wishes.code else []
    if wishes.example in offered[status].names:
        plain = re.fullmatch(r"[\w-]+", wishes.example)
        applied.append(f"example={wishes.example}" if plain else f'example="{wishes.example}"')
    if applied and wishes.when_after and wishes.delay is None:
        applied.append("when=after")
    if applied:
        headers["Preference-Applied"] = ", ".join(applied)
    if hint:
        headers["Watchword-Hint"] = hint
    return offered[status].answer(number, wishes.example, accept, headers)
