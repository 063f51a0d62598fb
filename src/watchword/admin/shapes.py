"""The JSON of the control API, and of the commands that list the same."""

from datetime import datetime
from typing import Any

from watchword.control.agenda import PlannedEvent
from watchword.control.clock import ClockReading
from watchword.control.mutants import ListedMutant
from watchword.control.rules import ListedRule
from watchword.control.sandboxes import SandboxSummary
from watchword.control.server import Health, Version
from watchword.control.snapshots import SnapshotSummary
from watchword.domain.outbox import Message
from watchword.domain.timestamps import write_utc
from watchword.edge.watch import FilesState
from watchword.sandbox.faults import ArmedFault
from watchword.system.person_state import PersonState
from watchword.system.seed_data import Person
from watchword.system.settings import SettingsBySystem


def clock(reading: ClockReading) -> dict[str, Any]:
    """Write a clock."""
    return {
        "now": write_utc(reading.now),
        "frozen": reading.frozen,
        # What rounds to nothing keeps its sign: to add zero makes -0.0 zero.
        "offsetSeconds": round(reading.offset.total_seconds(), 3) + 0.0,
        "scale": reading.scale,
    }


def sandbox(summary: SandboxSummary) -> dict[str, Any]:
    """Write a sandbox."""
    return {
        "name": summary.name,
        "createdAt": write_utc(summary.created_at),
        "clock": clock(summary.clock),
        "messages": summary.messages,
        "proposal": summary.proposal or None,
    }


def snapshot(summary: SnapshotSummary) -> dict[str, Any]:
    """Write a snapshot."""
    return {
        "name": summary.name,
        "takenAt": write_utc(summary.taken_at),
        "sandboxTime": write_utc(summary.sandbox_time),
        "messages": summary.messages,
    }


def message(one: Message) -> dict[str, Any]:
    """Write a message with the codes and links in it."""
    return {
        "id": one.id,
        "system": one.system,
        "sentAt": write_utc(one.sent_at),
        "channel": one.channel.value,
        "to": one.to,
        "subject": one.subject,
        "text": one.text,
        "codes": list(one.codes),
        "links": list(one.links),
    }


def fault(one: ArmedFault) -> dict[str, Any]:
    """Write an armed fault, with its counters."""
    plan = one.plan.model_dump(mode="json", exclude_none=True)
    brought = {} if one.brought_by is None else {"broughtBy": one.brought_by}
    return {"id": one.id, "match": {}, "times": None, **plan, "seen": one.seen, "hits": one.hits, **brought}


def settings(models: SettingsBySystem) -> dict[str, Any]:
    """Write settings, with every default."""
    return {name: one.model_dump(mode="json") for name, one in models.items()}


def health(found: Health) -> dict[str, Any]:
    """Write the server's health, with its uptime in whole seconds."""
    uptime = int(found.uptime.total_seconds())
    watched = {} if found.files is None else {"watch": files(found.files)}
    return {
        "status": "healthy",
        "version": found.version,
        "uptimeInSeconds": uptime,
        "proposals": list(found.proposals),
        **watched,
    }


def files(state: FilesState) -> dict[str, Any]:
    """Write what became of the files that the server watches."""
    return {"ok": state.ok, "problem": state.problem or None, "since": write_utc(state.since)}


def person(one: Person) -> dict[str, Any]:
    """Write a person as he or she is now."""
    return {
        "system": one.system,
        "name": one.name,
        "why": one.why,
        "id": one.id,
        "login": one.login,
        "password": one.password,
        "headers": dict(one.headers),
        "situations": list(one.situations),
        "credentials": dict(one.credentials),
        "group": dict(one.group),
        "made": one.made,
        "state": _state(one.state),
    }


def _state(now: PersonState) -> dict[str, Any]:
    return {
        "active": now.active,
        "locked": now.locked,
        "lockedUntil": _moment(now.locked_until),
        "triesLeft": now.tries_left,
        "passwordSet": now.password_set,
        "passwordChangedAt": _moment(now.password_changed_at),
        "passwordExpiresAt": _moment(now.password_expires_at),
        "mustChangePassword": now.must_change_password,
        "codes": [
            {"kind": one.kind, "expiresAt": _moment(one.expires_at), "expired": one.expired, "code": one.code}
            for one in now.codes
        ],
        "tokens": [{"kind": one.kind, "expiresAt": _moment(one.expires_at)} for one in now.tokens],
    }


def event(one: PlannedEvent) -> dict[str, Any]:
    """Write something that is going to happen; to the microsecond, so that a clock can be set to it."""
    return {
        "at": write_utc(one.at, precision="microseconds"),
        "kind": one.kind,
        "system": one.system,
        "person": one.person,
        "what": one.what,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else write_utc(at)


def rule(listed: ListedRule) -> dict[str, Any]:
    """Write a rule, with the operations that it decides."""
    one = listed.rule
    return {
        "id": one.id,
        "sentence": one.sentence,
        "grade": one.grade.value,
        "source": one.source,
        "cases": dict(one.cases),
        "operations": list(listed.operations),
    }


def mutant(listed: ListedMutant) -> dict[str, Any]:
    """Write a mutant, with the operations where it can be noticed."""
    one = listed.mutant
    return {
        "id": one.id,
        "kind": one.kind.value,
        "subject": one.subject,
        "sentence": one.sentence,
        "operations": list(listed.operations),
    }


def version(found: Version) -> dict[str, Any]:
    """Write which release this is."""
    systems = [{"name": one.name, "title": one.title} for one in found.systems]
    return {"name": "watchword", "version": found.version, "systems": systems}
