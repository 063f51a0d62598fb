"""From what was noted in passing to what readers see: judged, masked and named when somebody asks."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from http import HTTPStatus
from typing import Any

import orjson

from watchword.document import Operation
from watchword.document.http_rules import keys_of
from watchword.document.references import resolve_reference
from watchword.domain.durations import write_duration
from watchword.domain.refusal import Refusal, TooManyRequests, UnknownPath, WrongMethod
from watchword.domain.rule import AskedRule, Verdict
from watchword.domain.timestamps import write_utc
from watchword.edge import problem
from watchword.edge.concerned import People
from watchword.edge.exchange import Exchange
from watchword.edge.nearest import Nearest, shown_method
from watchword.journal.captured import Captured, Outside
from watchword.journal.decision import decide
from watchword.journal.effects import documents_of, shown_changes, shown_mails
from watchword.journal.entry import (
    UNREADABLE,
    AskedOf,
    Decision,
    Entry,
    ReachedLimit,
    Said,
    ShownRequest,
    ShownResponse,
    ShownViolation,
)
from watchword.journal.failures import log_failure
from watchword.journal.headers import show_headers
from watchword.journal.interfering import tell_interference
from watchword.journal.mailed_codes import messages_before, tell_origin
from watchword.journal.masking import MASK, declares_secret, mask
from watchword.journal.outcomes import outcome_of
from watchword.journal.requests import Sent
from watchword.system import Answer

_REST = "rest"
_SAID = {Verdict.HELD: Said.HELD, Verdict.REFUSED: Said.REFUSED, Verdict.COMPUTED: Said.CHANGED}
_IDENTIFYING = frozenset(("id", "user_id", "user", "email", "login", "login_name", "username"))
"""Fields of records that say whose they are; others name somebody else, such as who added a user."""
_ABOUT_CODES = re.compile(r"\.(nonce|invite|code)\.")
"""The rules that may refuse a code, by their ids."""
_NOTHING: Mapping[str, Any] = {}
_MOST_TOLD = 3
"""How many operations are named in the place of one that there is not."""


@dataclass(frozen=True)
class Reader:
    """
    Reads what a journal holds; an entry that cannot be read, because of a defect of ours, says so.

    Args:
        id_of: Writes the id of an entry.
        people_of: Finds the people whom the sandbox of a request knew when it arrived.
        nearest: Shows paths that no operation has.
    """

    id_of: Callable[[int], str]
    people_of: Callable[[Exchange], People]
    nearest: Nearest

    def read(self, captured: Captured) -> Entry:
        """Make the entry of *captured*, once."""
        if captured.read is None:
            captured.read = self._read(captured)
        entry: Entry = captured.read
        return entry

    def _read(self, captured: Captured) -> Entry:
        try:
            entry = self._outside(captured) if captured.exchange is None else self._exchange(captured)
            orjson.dumps(entry, default=_write_known)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one entry, the others are shown
            log_failure(captured.number, error)
            return self._unreadable(captured)
        return entry

    def _unreadable(self, captured: Captured) -> Entry:
        """Make an entry of what is known without looking at the request."""
        exchange = captured.exchange
        operation, system = (None, None) if exchange is None else (exchange.operation, exchange.system)
        return Entry(
            id=self.id_of(captured.number),
            sandbox=captured.sandbox,
            received_at=captured.received_at,
            sandbox_time=captured.sandbox_time,
            duration=captured.duration,
            protocol="" if exchange is None else exchange.protocol or _REST,
            client="",
            request=ShownRequest(operation.method if operation else "", "", "", {}, {}, None, 0),
            response=ShownResponse(captured.answer.status, {}, None),
            operation=operation.id if operation else "",
            system=system.name if system else "",
            aborted=captured.aborted,
            reason=UNREADABLE,
            proposal="" if exchange is None else exchange.api.proposal,
        )

    def _outside(self, captured: Captured) -> Entry:
        outside, answer = captured.outside or Outside("", "", ""), captured.answer
        path = self.nearest.without_values(outside.path)
        return Entry(
            id=self.id_of(captured.number),
            sandbox=captured.sandbox,
            received_at=captured.received_at,
            sandbox_time=captured.sandbox_time,
            duration=captured.duration,
            protocol=outside.protocol or _REST,
            client="",
            request=ShownRequest(
                shown_method(outside.method) if outside.method else "",
                path,
                path,
                show_headers(outside.headers or _NOTHING),
                {},
                None,
                0,
            ),
            response=ShownResponse(answer.status, show_headers(answer.headers), answer.body),
            code=str(answer.body.get("code", "")) if isinstance(answer.body, Mapping) else "",
            reason=outside.reason,
        )

    def _exchange(self, captured: Captured) -> Entry:
        exchange, answer = captured.exchange, captured.answer
        assert exchange is not None  # noqa: S101  # the caller looked
        operation, system = exchange.operation, exchange.system
        people = self.people_of(exchange)
        changes = captured.changes
        name = "" if system is None else system.name
        changed = [{key: one[key] for key in _IDENTIFYING & one.keys()} for one in documents_of(changes)]
        sent = Sent(exchange)
        concerned = people.concerned_by(exchange, changed)
        decision = None if captured.aborted else decide(exchange, answer)
        interfered = tell_interference(exchange)
        return Entry(
            id=self.id_of(captured.number),
            sandbox=captured.sandbox,
            received_at=captured.received_at,
            sandbox_time=captured.sandbox_time,
            duration=captured.duration,
            protocol=exchange.protocol or _REST,
            client=exchange.client or "",
            request=sent.shown(people),
            response=_shown_response(exchange, captured.sent),
            operation="" if operation is None else operation.id,
            system=name,
            outcome=outcome_of(exchange, answer),
            code=",".join(sorted(system.code_of(answer.status, answer.body))) if system and answer.status else "",
            hint=answer.headers.get("Watchword-Hint", ""),
            people=concerned,
            violations=(
                *sent.violations(),
                *_answer_violations(captured.violations),
                *(ShownViolation("response", pointer, sentence) for pointer, sentence in exchange.departures),
            ),
            rules=tuple(asked_of(one) for one in ([] if exchange.record is None else exchange.record.asked)),
            decision=decision,
            limit=_limit(exchange.refusal),
            faults=() if exchange.interference is None else tuple(exchange.interference.fault_ids),
            mails=tuple(shown_mails(changes)),
            changes=tuple(shown_changes(changes)),
            origin=_origin(captured, decision, people, concerned),
            instead=_instead(exchange.refusal),
            replaced=interfered.replaced,
            lost=interfered.lost,
            delayed=interfered.delayed,
            attempts=captured.attempts,
            aborted=captured.aborted,
            proposal=exchange.api.proposal,
            forwarded=exchange.forwarded,
        )


def _instead(refusal: Refusal | None) -> str:
    """Say what is served instead of an unknown path or method."""
    match refusal:
        case UnknownPath(known=(_, *_) as known):
            return f"nearest: {', '.join(known[:_MOST_TOLD])}"
        case WrongMethod(allowed=allowed):
            return f"allowed there: {', '.join(allowed)}"
        case _:
            return ""


def _limit(refusal: Refusal | None) -> ReachedLimit | None:
    if not isinstance(refusal, TooManyRequests):
        return None
    return ReachedLimit(refusal.exceeded, refusal.window, timedelta(seconds=refusal.reset_seconds))


def _origin(captured: Captured, decision: Decision | None, people: People, concerned: Collection[str]) -> str:
    """Say from which message a code is that a rule about codes refused."""
    exchange, status = captured.exchange, captured.answer.status
    if exchange is None or decision is None or status < HTTPStatus.BAD_REQUEST or not _ABOUT_CODES.search(decision.id):
        return ""
    messages = messages_before(exchange)
    return tell_origin(exchange.json, messages, people.logins_of(exchange, concerned))


def _shown_response(exchange: Exchange, answer: Answer) -> ShownResponse:
    headers = show_headers(answer.headers, declared=_declared_headers(exchange, answer))
    return ShownResponse(answer.status, headers, _shown_answer(exchange, answer))


def _declared_headers(exchange: Exchange, answer: Answer) -> frozenset[str]:
    """Name the headers of an answer that the document declares and does not mark as secret."""
    if exchange.operation is None:
        return frozenset()
    content = exchange.api.document.content
    response = _response_of(exchange.operation, answer) or {}
    headers = (resolve_reference(content, response).get("headers") or {}).items()
    schemas = ((name, resolve_reference(content, one).get("schema")) for name, one in headers)
    return frozenset(name.lower() for name, schema in schemas if not declares_secret(content, schema))


def _shown_answer(exchange: Exchange, answer: Answer) -> Any:
    body, operation = answer.body, exchange.operation
    if body is None:
        return None
    if isinstance(body, bytes):
        return f"{MASK} ({len(body)} bytes)"
    content = exchange.api.document.content
    declared = None if operation is None else _declared_answer(content, operation, answer)
    if declared is None and exchange.system is not None:
        declared = _outer_answer(content, exchange.system.name, answer.status)
    if declared is None and isinstance(body, problem.Details):
        declared = problem.SCHEMA
    return mask(content, declared, body).value


def _declared_answer(content: Mapping[str, Any], operation: Operation, answer: Answer) -> Any:
    response = _response_of(operation, answer)
    return None if response is None else _schema_of(content, response)


def _response_of(operation: Operation, answer: Answer) -> Any:
    responses = operation.raw.get("responses") or {}
    return next((responses[key] for key in keys_of(answer.status) if key in responses), None)


def _outer_answer(content: Mapping[str, Any], system: str, status: int) -> Any:
    tags = (tag for tag in content.get("tags", ()) if tag["name"] == system)
    node = next((tag.get("x-outer-responses", {}).get(str(status)) for tag in tags), None)
    return None if node is None else _schema_of(content, node)


def _schema_of(content: Mapping[str, Any], response: Any) -> Any:
    media = (resolve_reference(content, response).get("content") or {}).values()
    return next((one["schema"] for one in media if "schema" in one), None)


def _answer_violations(found: Sequence[str]) -> Iterator[ShownViolation]:
    for sentence in found:
        yield ShownViolation("response", "", sentence)


def asked_of(one: AskedRule) -> AskedOf:
    """Make what readers see of a rule that was asked."""
    values = {name: as_json(value) for name, value in one.values.items()}
    cause = "" if one.verdict is Verdict.HELD else one.cause
    return AskedOf(one.rule, _SAID[one.verdict], one.code, values, cause)


def as_json(value: Any) -> Any:
    """Write a value that a rule compared, in JSON types."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return write_utc(value, precision="microseconds")
        case date():
            return value.isoformat()
        case timedelta():
            return write_duration(value)
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(name): as_json(one) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [as_json(one) for one in value]
        case _:
            return MASK


def _write_known(value: Any) -> Any:
    """Write what entries consist of besides JSON types; anything else has no place in one."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError
