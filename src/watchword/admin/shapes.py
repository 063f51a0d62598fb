"""The JSON of the control API."""

from collections.abc import Sequence
from typing import Any

from watchword.admin.timestamps import written
from watchword.domain.clock import Clock
from watchword.domain.outbox import Message
from watchword.domain.rule import Rule
from watchword.sandbox import Sandbox


def clock(one: Clock) -> dict[str, Any]:
    """Write a clock: its time, whether it stands, and how far it is ahead of the real time."""
    offset = one.frozen_at - one.wall_clock() if one.frozen_at is not None else one.offset
    return {"now": written(one.now()), "frozen": one.frozen, "offsetSeconds": round(offset.total_seconds(), 3)}


def sandbox(one: Sandbox) -> dict[str, Any]:
    """Write a sandbox: its name, age, clock and number of messages."""
    return {
        "name": one.name,
        "createdAt": written(one.created_at),
        "clock": clock(one.clock),
        "messages": len(tuple(one.mailbox)),
    }


def message(one: Message) -> dict[str, Any]:
    """Write a message with the codes and links that were taken out of it."""
    return {
        "id": one.id,
        "system": one.system,
        "sentAt": written(one.sent_at),
        "channel": one.channel.value,
        "to": one.to,
        "subject": one.subject,
        "text": one.text,
        "codes": list(one.codes),
        "links": list(one.links),
    }


def rule(one: Rule, operations: Sequence[str]) -> dict[str, Any]:
    """Write a rule with the ids of the *operations* that it decides."""
    return {
        "id": one.id,
        "sentence": one.sentence,
        "grade": one.grade.value,
        "source": one.source,
        "operations": list(operations),
    }
