"""The JSON of the journal: entries, explanations, verifications."""

from typing import Any

from watchword.control.journal import Found
from watchword.domain.timestamps import write_utc
from watchword.journal.entry import AskedOf, Decision, Entry, ShownViolation
from watchword.journal.explanation import Explanation
from watchword.journal.verification import Verification


def entry(one: Entry) -> dict[str, Any]:
    """Write an entry."""
    return {
        "id": one.id,
        "sandbox": one.sandbox or None,
        "receivedAt": write_utc(one.received_at),
        "sandboxTime": write_utc(one.sandbox_time),
        "durationMs": round(one.duration.total_seconds() * 1000, 3),
        "protocol": one.protocol,
        "client": one.client or None,
        "request": {
            "method": one.request.method,
            "url": one.request.url,
            "headers": dict(one.request.headers),
            "query": dict(one.request.query),
            "body": one.request.body,
        },
        "response": {
            "status": one.response.status,
            "headers": dict(one.response.headers),
            "body": one.response.body,
        },
        "operation": one.operation or None,
        "system": one.system or None,
        "outcome": one.outcome or None,
        "code": one.code or None,
        "hint": one.hint or None,
        "people": list(one.people),
        "violations": [_violation(each) for each in one.violations],
        "rules": [_asked(each) for each in one.rules],
        "decidedBy": _decision(one.decision),
        "fault": one.fault or None,
        "mails": [{"id": each.id, "to": each.to, "subject": each.subject} for each in one.mails],
        "changes": [{"kind": each.kind, "id": each.id, "fields": list(each.fields)} for each in one.changes],
        "attempts": one.attempts,
        "aborted": one.aborted,
        "reason": one.reason or None,
    }


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
        "decidedBy": _decision(one.decision),
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


def _decision(one: Decision | None) -> dict[str, Any] | None:
    return None if one is None else {"kind": one.kind.value, "id": one.id}
