"""The JSON of replays, both answers side by side, and of what would have helped."""

from typing import Any

from watchword.admin.journal_shapes import change, decision, mail, request, response
from watchword.control.replay import Replayed
from watchword.control.what_if import Looked
from watchword.control.written_change import write_change
from watchword.domain.timestamps import write_utc
from watchword.journal.differences import Difference
from watchword.journal.explanation import Explanation


def replayed(one: Replayed) -> dict[str, Any]:
    """Write both answers."""
    return {
        "in": one.into,
        "proposal": one.replayed.entry.proposal or None,
        "sandboxTime": write_utc(one.at),
        "same": one.same,
        "original": _side(one.original, one.original.entry.id),
        "replayed": _side(one.replayed, one.noted),
        "differences": [_difference(each) for each in one.differences],
    }


def looked(one: Looked) -> dict[str, Any]:
    """Write what would have helped."""
    entry = one.original.entry
    return {
        "id": entry.id,
        "status": entry.response.status,
        "code": entry.code or None,
        "sentence": one.original.sentence,
        "tried": one.tried,
        "cures": [
            {"sentence": each.sentence, "status": each.status, "change": write_change(each.change)}
            for each in one.cures
        ],
    }


def _side(one: Explanation, identifier: str | None) -> dict[str, Any]:
    entry = one.entry
    return {
        "id": identifier,
        "request": request(entry.request),
        "response": response(entry.response),
        "outcome": entry.outcome or None,
        "code": entry.code or None,
        "sentence": one.sentence,
        "decidedBy": decision(one.decision),
        "mails": [mail(each) for each in entry.mails],
        "changes": [change(each) for each in entry.changes],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"where": one.where, "pointer": one.pointer, "original": one.first, "replayed": one.second}
