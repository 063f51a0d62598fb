"""The JSON of the journal: entries, explanations, verifications."""

from typing import Any

from watchword.control.journal import Found
from watchword.domain.timestamps import write_utc
from watchword.journal.entry import (
    AskedOf,
    Decision,
    Entry,
    ShownChange,
    ShownMail,
    ShownRequest,
    ShownResponse,
    ShownViolation,
)
from watchword.journal.explanation import Explanation
from watchword.journal.verification import Verification


def entry(one: Entry) -> dict[str, Any]:
    """Write an entry."""
    return {
        "id": one.id,
        "sandbox": one.sandbox or None,
        "proposal": one.proposal or None,
        "receivedAt": write_utc(one.received_at),
        "sandboxTime": write_utc(one.sandbox_time),
        "durationMs": round(one.duration.total_seconds() * 1000, 3),
        "protocol": one.protocol,
        "client": one.client or None,
        "request": request(one.request),
        "response": response(one.response),
        "operation": one.operation or None,
        "system": one.system or None,
        "outcome": one.outcome or None,
        "code": one.code or None,
        "hint": one.hint or None,
        "people": list(one.people),
        "violations": [_violation(each) for each in one.violations],
        "rules": [_asked(each) for each in one.rules],
        "decidedBy": decision(one.decision),
        "fault": next(iter(one.faults), None),
        "faults": list(one.faults),
        "mails": [mail(each) for each in one.mails],
        "changes": [change(each) for each in one.changes],
        "attempts": one.attempts,
        "aborted": one.aborted,
        "reason": one.reason or None,
    }


def request(one: ShownRequest) -> dict[str, Any]:
    """Write what came."""
    return {
        "method": one.method,
        "url": one.url,
        "headers": dict(one.headers),
        "query": dict(one.query),
        "body": one.body,
    }


def response(one: ShownResponse) -> dict[str, Any]:
    """Write what went back."""
    return {"status": one.status, "headers": dict(one.headers), "body": one.body}


def mail(one: ShownMail) -> dict[str, Any]:
    """Write a message that a request sent."""
    return {"id": one.id, "to": one.to, "subject": one.subject}


def change(one: ShownChange) -> dict[str, Any]:
    """Write a record that a request changed."""
    return {"kind": one.kind, "id": one.id, "fields": list(one.fields)}


def entries(found: Found) -> dict[str, Any]:
    """Write what was found."""
    return {"entries": [entry(one) for one in found.entries], "total": found.total}


def explanation(one: Explanation) -> dict[str, Any]:
    """Write why an answer was given."""
    entry, rule = one.entry, one.rule
    return {
        "id": entry.id,
        "operation": entry.operation or None,
        "status": entry.response.status,
        "code": entry.code or None,
        "outcome": entry.outcome or None,
        "sentence": one.sentence,
        "decidedBy": decision(one.decision),
        "rule": None
        if rule is None
        else {"id": rule.id, "sentence": rule.sentence, "grade": rule.grade.value, "source": rule.source},
        "values": dict(one.values),
        "held": [_asked(each) for each in one.held],
        "next": list(one.next),
        "violations": [_violation(each) for each in entry.violations],
    }


def verification(one: Verification) -> dict[str, Any]:
    """Write what came of a verification that held."""
    return {"verified": one.verified, "count": one.count}


def nearest(one: Verification) -> list[dict[str, Any]]:
    """Write the entries that came nearest to what was expected."""
    return [{"id": each.entry.id, "differences": list(each.differences)} for each in one.nearest]


def _violation(one: ShownViolation) -> dict[str, Any]:
    return {"where": one.where, "pointer": one.pointer, "message": one.message}


def _asked(one: AskedOf) -> dict[str, Any]:
    return {"id": one.rule.id, "said": one.said.value, "code": one.code or None, "values": dict(one.values)}


def decision(one: Decision | None) -> dict[str, Any] | None:
    """Write what decided."""
    return None if one is None else {"kind": one.kind.value, "id": one.id}
