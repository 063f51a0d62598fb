"""Why an answer was given, in sentences for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from watchword.domain.durations import tell_duration, write_duration
from watchword.domain.rule import Rule
from watchword.edge.mock.wishes import TWIN
from watchword.journal.entry import UNREADABLE, AskedOf, Decider, Decision, Entry, ReachedLimit, Said, ShownViolation
from watchword.system import System


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why an answer was given.

    Args:
        sentence: What decided.
        rule: The rule that decided; None if something else did.
        values: What it compared; of a limit on requests, what it allows and how long to wait.
        held: The rules that were asked before it, and held.
        next: The ids of the rules that would have been asked after it, in the order of the system.
    """

    entry: Entry
    sentence: str
    decision: Decision | None
    rule: Rule | None
    values: Mapping[str, Any]
    held: tuple[AskedOf, ...]
    next: tuple[str, ...]


def explain(entry: Entry, systems: Mapping[str, System]) -> Explanation:
    """
    Explain an answer.

    Args:
        systems: Whose order of checks says what would have come after, by name.
    """
    decision = entry.decision
    deciding = _deciding(entry)
    held = tuple(one for one in entry.rules if one is not deciding and one.said is not Said.REFUSED)
    return Explanation(
        entry,
        _sentence(entry, deciding),
        decision,
        None if deciding is None else deciding.rule,
        _values(entry, deciding),
        held,
        _after(entry, deciding, systems),
    )


def _deciding(entry: Entry) -> AskedOf | None:
    decision = entry.decision
    if decision is None or decision.kind is not Decider.RULE:
        return None
    return next((one for one in reversed(entry.rules) if one.rule.id == decision.id), None)


def _values(entry: Entry, deciding: AskedOf | None) -> Mapping[str, Any]:
    if deciding is not None:
        return deciding.values
    limit = entry.limit
    if limit is None:
        return {}
    durations = {"window": write_duration(limit.window), "wait": write_duration(limit.wait)}
    return {"requests": limit.requests, **durations}


def _sentence(entry: Entry, deciding: AskedOf | None) -> str:
    """Say what decided, and how long a fault or a wish held it up."""
    told = _answered(entry, deciding)
    return f"{told} {entry.delayed}" if entry.delayed else told


def _answered(entry: Entry, deciding: AskedOf | None) -> str:
    status = entry.response.status
    if entry.aborted:
        return "The client hung up before it was answered."
    if entry.reason == UNREADABLE:
        return "A defect of Watchword keeps the journal from showing it; the log of the server says where."
    if entry.reason and not status:
        return f"It could not be read as a request, and got no answer ({entry.reason})."
    if entry.lost:
        return entry.lost
    answered = f"{status} {entry.code}".strip() if entry.code else f"{status} {_phrase(status)}".strip()
    return f"{answered}: {_because(entry, deciding)}"


def _because(entry: Entry, deciding: AskedOf | None) -> str:
    decision = entry.decision
    if deciding is not None:
        return _cause(entry, deciding)
    if decision is None:
        return _unrefused(entry)
    match decision.kind:
        case Decider.FAULT if decision.id == "Prefer":
            twins = ", ".join(name for name in entry.request.query if name.startswith(TWIN))
            return f"the request itself asked for this answer ({twins or 'header Prefer'})."
        case Decider.FAULT:
            return f"{entry.replaced}."
        case Decider.SETTING if decision.id.startswith("--"):
            return f"the server was started so (flag {decision.id})."
        case Decider.SETTING if entry.limit is not None:
            return f"the setting {decision.id} of this sandbox {_allows(entry.limit)}."
        case Decider.SETTING:
            return f"the setting {decision.id} of this sandbox says so."
        case Decider.SECURITY:
            return f"the credentials for {decision.id} are missing or not accepted."
        case _ if decision.id == "paths":
            return f"no operation has this path and method{entry.instead and f'; {entry.instead}'}."
        case _:
            return _violations(entry.violations) or "the document says so."


def _allows(limit: ReachedLimit) -> str:
    many = "1 request" if limit.requests == 1 else f"{limit.requests} requests"
    within, wait = tell_duration(limit.window), tell_duration(limit.wait)
    return f"allows a caller {many} in {within}; wait {wait} before the next"


def _cause(entry: Entry, deciding: AskedOf) -> str:
    """Say what was so in this request; rules that only report are told together, because their answer lists all."""
    if deciding.said is Said.REFUSED and not deciding.code:
        reported = [one.cause for one in entry.rules if one.said is Said.REFUSED and not one.code and one.cause]
        return " ".join(dict.fromkeys(reported)) or deciding.rule.sentence
    return " ".join(filter(None, (deciding.cause or deciding.rule.sentence, entry.origin)))


def _unrefused(entry: Entry) -> str:
    """Say what no decision says: an error of Watchword's own tells it itself."""
    if entry.response.status >= HTTPStatus.BAD_REQUEST:
        told = entry.response.body.get("detail") if isinstance(entry.response.body, Mapping) else None
        nobody = "the server behind the proxy says so." if entry.forwarded else "no rule decided it."
        return str(told) if told else nobody
    if not entry.operation:
        return "no operation was asked for."
    number = len({one.rule.id for one in entry.rules})
    return f"nothing was refused; {number} rules were asked, and all held." if number else "nothing was refused."


def _violations(found: Sequence[ShownViolation]) -> str:
    told = [_violation(one) for one in found[:5]]
    return f"the request does not fit the document: {'; '.join(told)}." if told else ""


def _violation(found: ShownViolation) -> str:
    """Say what is wrong, and where unless that is a sentence which says it already."""
    message = found.message.removesuffix(".")
    if message[:1].isupper():
        return message
    return f"{found.where}{' ' if found.pointer else ''}{found.pointer} {message}"


def _after(entry: Entry, deciding: AskedOf | None, systems: Mapping[str, System]) -> tuple[str, ...]:
    """List the rules after the one that refused; all of the order if something before the rules did."""
    system = systems.get(entry.system)
    refused = entry.response.status >= HTTPStatus.BAD_REQUEST
    if system is None or not refused:
        return ()
    _, _, name = entry.operation.partition(".")
    order = next((one for one in system.orders if one.operation == name), None)
    if order is None:
        return ()
    ids = [step.rule for step in order.steps]
    if deciding is not None and deciding.rule.id in ids:
        return tuple(ids[ids.index(deciding.rule.id) + 1 :])
    asked = {one.rule.id for one in entry.rules}
    return tuple(one for one in ids if one not in asked)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
