"""
Apply what is armed in a sandbox, and what a client wishes for one request.

A fault without a person meets a request as soon as its operation is known; one with a person once the request is read
and the caller is authenticated, or it is refused on the way there, because only then somebody is known.
"""

import asyncio
from datetime import timedelta
from functools import partial

from watchword.domain.refusal import Malformed, Refusal, Violation
from watchword.edge.disconnect import while_connected
from watchword.edge.exchange import Exchange
from watchword.edge.fault_matching import matches, wishes_for
from watchword.edge.interference import Interference
from watchword.edge.mock.prefer import Preferred, problems_of, wished_answer
from watchword.edge.mock.refusals import GivenAnswer
from watchword.edge.mock.wishes import TWIN, Wishes, read_wishes, take_twins
from watchword.edge.rendering import rendered
from watchword.sandbox.fault_words import tell_effect
from watchword.sandbox.faults import ArmedFault, Effect
from watchword.system import Answer

_GARBAGE_BYTES = 64
_APPLIED = "Preference-Applied"
_LOST = Answer(0)
"""What observers get for an answer that is not sent."""


def is_concerned(exchange: Exchange) -> bool:
    """Whether a request, whose operation is known, may be met by a fault or has a wish."""
    return bool(exchange.sandbox.faults) or "prefer" in exchange.headers or TWIN in exchange.query


async def interfere(exchange: Exchange) -> None:
    """
    Read what the client wishes, let the armed faults meet the request, and do what comes before it is handled.

    Raises:
        Refusal: A wish cannot be fulfilled and shall be strictly, or a fault replaces the answer.
    """
    _read_wishes(exchange)
    if exchange.wishes is not None:
        _wish(exchange, exchange.wishes)
    await _meet(exchange, people=False)


async def interfere_with_person(exchange: Exchange) -> None:
    """
    Let the faults for one person meet a request that is read and whose caller is known, or that is refused before.

    Raises:
        Refusal: A fault replaces the answer.
    """
    if any(one.plan.match.person is not None for one in exchange.sandbox.faults):
        await _meet(exchange, people=True)


def give_wished_answer(exchange: Exchange) -> None:
    """
    Give the answer of the document that the client wishes, for protocols that run no handler of the document.

    Raises:
        GivenAnswer: There is one, and it comes before the request is handled.
    """
    wishes = exchange.wishes
    if wishes is None or exchange.operation is None:
        return
    offered = exchange.api.declared_answers(exchange.operation)
    preferred = wished_answer(offered, wishes, "*/*")
    if preferred.answer is not None and not wishes.when_after:
        exchange.from_document = True
        raise GivenAnswer(preferred.answer)
    replace_later(exchange, preferred)


def replace_later(exchange: Exchange, preferred: Preferred) -> None:
    """Note which answer replaces that of a request once it is handled, or what could not be done."""
    found = exchange.interference
    assert found is not None  # noqa: S101  # `interfere` has noted the wishes
    found.instead, exchange.hint = preferred.answer, preferred.hint


async def wait_before_answer(exchange: Exchange) -> None:
    """Wait as long as a fault or a wish delays the answer of a request that has been handled."""
    found = exchange.interference
    if found is not None and found.delay_after:
        await _sleep(exchange, found.delay_after)


async def _sleep(exchange: Exchange, delay: timedelta) -> None:
    """
    Wait, unless the client hangs up.

    Raises:
        ClientGone: It hung up.
    """
    if exchange.hurried:
        return
    waiting = asyncio.sleep(delay.total_seconds())
    await (waiting if exchange.receive is None else while_connected(exchange.receive, waiting))


def conclude(exchange: Exchange, answer: Answer) -> Answer:
    """
    Do what comes after a request is handled: replace its answer, or have the connection broken.

    Returns:
        The answer to send. It is not sent if the exchange's interference has a ``cut`` now.
    """
    found = exchange.interference
    if found is None:
        return answer
    if found.ending is not None and found.after and found.cut is None:
        try:
            _end(exchange, found, found.ending)
        except Refusal as refusal:
            answer = rendered(exchange, refusal.with_traceback(None))
    elif found.instead is not None:
        exchange.from_document, answer = True, found.instead
    if found.cut is not None:
        return _LOST
    if found.applied:
        told = [one for one in (answer.headers.get(_APPLIED), *found.applied) if one]
        answer = answer.with_headers({**answer.headers, _APPLIED: ", ".join(told)})
    return answer


def _read_wishes(exchange: Exchange) -> None:
    twins: list[tuple[str, str]] = []
    operation = exchange.operation
    if TWIN in exchange.query and operation is not None:
        declared = {one.name for one in operation.parameters if one.where == "query"}
        exchange.query, twins = take_twins(exchange.query, declared)
        exchange.twins = twins
    prefer = exchange.headers.get("prefer")
    if prefer is not None or twins:
        exchange.wishes = read_wishes(prefer or "", twins)


def _wish(exchange: Exchange, wishes: Wishes) -> None:
    """
    Note what *wishes* do to the request.

    Raises:
        Malformed: One cannot be fulfilled, and shall be strictly.
    """
    operation = exchange.operation
    if wishes.strict and operation is not None:
        problems = problems_of(exchange.api.declared_answers(operation), wishes)
        if problems:
            exchange.from_document = True
            detail = f"cannot be fulfilled: {' '.join(one.removeprefix('Prefer: ') for one in problems)}"
            raise Malformed([Violation("header", ("Prefer",), "enum", None, detail)])
    found = exchange.interference = Interference(applied=wishes.applied)
    if wishes.delay is not None:
        found.add_delay(wishes.delay, after=wishes.when_after)
    if wishes.fault is not None:
        found.end(Effect(connection=wishes.fault), after=wishes.when_after)


async def _meet(exchange: Exchange, *, people: bool) -> None:
    """
    Let the armed faults meet the request.

    Raises:
        Refusal: One of them replaces the answer.
    """
    found = exchange.interference
    armed = exchange.sandbox.faults
    if armed and not exchange.api.controls:
        exchange.armed = exchange.armed or armed
        ended = found is not None and found.ending is not None
        hits = exchange.sandbox.meet_faults(partial(matches, exchange, people=people), ended=ended)
        if exchange.sandbox.faults is not armed:
            exchange.keep_sandbox()  # its faults have counted the request
        if hits:
            found = exchange.interference = found or Interference()
            for one in hits:
                _hit(exchange, found, one)
            _tell_lost_wish(exchange, found)
    if found is None:
        return
    if found.delay_before:
        waited, found.delay_before = found.delay_before, timedelta(0)
        await _sleep(exchange, waited)
    if found.ending is not None and not found.after:
        _end(exchange, found, found.ending)


def _hit(exchange: Exchange, found: Interference, one: ArmedFault) -> None:
    effect, after = one.plan.fault, one.plan.when == "after"
    found.faults = (*found.faults, one)
    if effect.delay is not None:
        chances = exchange.sandbox.chances
        found.add_delay(effect.delay.draw(lambda: chances.apart("fault", one.id, str(one.seen), "delay")), after=after)
    if effect.ends:
        found.end(effect, after=after, decider=one.id)


def _tell_lost_wish(exchange: Exchange, found: Interference) -> None:
    """
    Say that an armed fault comes before the answer of the document that the client wishes.

    Raises:
        Malformed: It shall be fulfilled strictly; then the fault, which counts as spent, does nothing.
    """
    wishes, armed = exchange.wishes, found.deciding
    if wishes is None or armed is None or not (wishes.code or wishes.example):
        return
    named = f"the fault {armed.id} ({tell_effect(armed.plan.fault)})"
    lost = f"{named} is armed for this request, and comes before a code and an example."
    if not wishes.strict:
        exchange.hint = f"Prefer: {lost}"
        return
    found.ending, found.decider, exchange.from_document = None, "", True
    raise Malformed([Violation("header", ("Prefer",), "enum", None, f"cannot be fulfilled: {lost}")])


def _end(exchange: Exchange, found: Interference, effect: Effect) -> None:
    """
    Replace or lose the answer.

    Raises:
        Refusal: The answer instead; if the connection breaks, any, because it is not sent.
    """
    exchange.from_document = True
    system, operation = exchange.system, exchange.operation
    assert system is not None  # noqa: S101  # routed requests have one
    if effect.connection is not None:
        found.cut = effect.connection
        found.garbage = exchange.sandbox.chances.apart("fault", found.decider, "garbage").salt(_GARBAGE_BYTES)
        raise GivenAnswer(_LOST)
    if effect.rpc is not None and system.fail_rpc is not None:
        raise system.fail_rpc(effect.rpc.code.value)
    if effect.answer is not None and operation is not None:
        offered = exchange.api.declared_answers(operation)
        preferred = wished_answer(offered, wishes_for(effect.answer), "*/*")
        assert preferred.answer is not None  # noqa: S101  # `matches` has seen to that
        headers = {name: value for name, value in preferred.answer.headers.items() if name != _APPLIED}
        raise GivenAnswer(preferred.answer.with_headers(headers))
