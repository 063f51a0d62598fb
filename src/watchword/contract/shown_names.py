"""Which codes an answer shows: the document also has names for answers in which no code stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from watchword.contract.comparison import Likeness, tell
from watchword.contract.driver import Reply
from watchword.contract.in_step import Leader
from watchword.document import Operation
from watchword.journal.outcomes import name_outcome
from watchword.system import Answer

_NO_CODE = "without a code"


def without_guesses(words: str, answer: Reply, operation: Operation, oracle: Leader) -> str:
    """
    Leave out of the *words* about an answer those names that nothing in it says.

    An answer without a code gets the name of the document's own answer without one (``USER_NOT_FOUND`` for any 404),
    and a developer would look for that name in a server that does not have it.
    """
    status, *codes = words.split()
    if not codes or codes[0] == "without":
        return words
    return " ".join([status, *(_shown(codes, answer, operation, oracle) or [_NO_CODE])])


def name_shown(answer: Reply, operation: Operation, oracle: Leader) -> str:
    """Find the same as `name_outcome`; empty as well if the *answer* does not show a code that the name stands for."""
    system = oracle.system
    try:
        name = name_outcome(operation, system, Answer(answer.status, answer.body))
    except (AttributeError, KeyError, LookupError, TypeError):
        return ""  # another envelope than the vendor's
    shape = operation.shape(answer.status)
    example = None if shape is None else shape.examples.get(name)
    codes = system.code_of(answer.status, example)
    return name if len(_shown(codes, answer, operation, oracle)) == len(codes) else ""


def in_parentheses(words: str, answer: Reply) -> str:
    """Put the names that do not stand in the *answer* in parentheses."""
    status, *codes = words.split()
    if not codes or codes[0] == "without":
        return words
    return " ".join([status, *(one if stands_in(one, answer) else f"({one})" for one in codes)])


def stands_in(code: str, answer: Reply) -> bool:
    """Whether a client can read a code in an answer."""
    return code in answer.content.decode(errors="replace")


def _shown(codes: Iterable[str], answer: Reply, operation: Operation, oracle: Leader) -> Sequence[str]:
    """List those of the *codes* of an answer that it shows."""
    return [
        one
        for one in codes
        if stands_in(one, answer) or _is_read(one, answer, oracle) or _is_documented(one, answer, operation, oracle)
    ]


def _is_read(name: str, answer: Reply, oracle: Leader) -> bool:
    """Whether the values of an answer make its name, such as a number that has one: without them it has another."""
    return name not in tell(oracle.system, replace(answer, body=_blank(answer.body))).split()


def _blank(body: Any) -> Any:
    """Blank all texts and numbers."""
    match body:
        case Mapping():
            return {name: _blank(member) for name, member in body.items()}
        case list():
            return [_blank(member) for member in body]
        case str() | int() | float():
            return type(body)()
        case _:
            return body


def _is_documented(name: str, answer: Reply, operation: Operation, oracle: Leader) -> bool:
    """Whether an example of that name is like the answer."""
    shape = operation.shape(answer.status)
    examples = () if shape is None else shape.examples.values()
    named = (one for one in examples if name in oracle.system.code_of(answer.status, one))
    return any(_are_alike(one, answer.body, oracle) for one in named)


def _are_alike(example: Any, body: Any, oracle: Leader) -> bool:
    """Whether two bodies are equal, or share a field; a field of free text counts only if the texts are equal."""
    if example == body:
        return True
    if not isinstance(example, Mapping) or not isinstance(body, Mapping):
        return False
    return any(
        oracle.subject.likenesses.get(field) is not Likeness.TEXT or example[field] == body[field]
        for field in example.keys() & body.keys()
    )
