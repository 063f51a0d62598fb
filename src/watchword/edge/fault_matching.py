"""Which requests an armed fault is for."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from watchword.edge.exchange import Exchange
from watchword.edge.mock.prefer import can_answer
from watchword.edge.mock.wishes import Wishes
from watchword.sandbox.faults import ArmedFault, DeclaredAnswer, Match


def wishes_for(answer: DeclaredAnswer) -> Wishes:
    """Write the answer of a fault as the wish for the same."""
    return Wishes(code=answer.code, example=answer.example or "")


def matches(exchange: Exchange, one: ArmedFault, *, people: bool) -> bool:
    """Whether a fault is for this request, and the operation has what it gives."""
    match, effect, operation, system = one.plan.match, one.plan.fault, exchange.operation, exchange.system
    if (match.person is not None) is not people or operation is None or system is None:
        return False
    if match.operation not in (None, operation.id) or match.system not in (None, system.name):
        return False
    if match.path is not None and not any(
        path_pattern(match.path).fullmatch(f"{base}{exchange.path}") for base in ("", *operation.base_paths)
    ):
        return False
    if effect.rpc is not None and system.fail_rpc is None:
        return False
    if effect.answer is not None and not can_answer(
        exchange.api.declared_answers(operation), wishes_for(effect.answer)
    ):
        return False
    return match.person is None or _concerns(exchange, match)


@lru_cache(256)
def path_pattern(path: str) -> re.Pattern[str]:
    """Compile the path of a fault: a placeholder stands for a segment, and ``*`` for anything but a slash."""
    pieces = re.split(r"(\{[^/{}]+\}|\*)", path)
    return re.compile(
        "".join(
            "[^/]*" if at % 2 and one == "*" else "[^/]+" if at % 2 else re.escape(one) for at, one in enumerate(pieces)
        )
    )


def _concerns(exchange: Exchange, match: Match) -> bool:
    """Whether the person of a fault calls, or is named by id or login name in path, query or body."""
    system = exchange.system
    assert system is not None  # noqa: S101  # `matches` has seen to that
    known = {
        text
        for one in exchange.api.sandboxes.people_in(exchange.sandbox)
        if one.system == system.name and match.person in (one.name, one.login, one.id)
        for text in (one.id.casefold(), one.login.casefold())
    }
    return any(text.casefold() in known for text in _named(exchange))


def _named(exchange: Exchange) -> Iterator[str]:
    """Yield who may be somebody: the caller's id, and the texts of path, query and body."""
    system = exchange.system
    assert system is not None  # noqa: S101  # `matches` has seen to that
    for caller in exchange.callers.values():
        found = system.person_of(caller)
        if found is not None:
            yield found
    for place in ("path", "query"):
        yield from _texts(exchange.parameters.get(place))
    yield from _texts(exchange.json)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
