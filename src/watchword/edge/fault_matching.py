"""Which requests an armed fault is for."""

import re
from functools import lru_cache

from watchword.edge.concerned import People
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
    """Whether a request concerns the person of a fault."""
    system, sandbox = exchange.system, exchange.sandbox
    assert system is not None  # noqa: S101  # `matches` has seen to that
    known = exchange.api.sandboxes.population.read(sandbox, system=system.name)
    meant = {one.name for one in known if match.person in (one.name, one.login, one.id)}
    return bool(meant) and not meant.isdisjoint(People(known, sandbox.store.transaction().get).concerned_by(exchange))
