"""What a sandbox has besides records, as documents and back: clock, settings, chance, messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from watchword.domain.chance import Chance
from watchword.domain.clock import Clock
from watchword.domain.outbox import Message, Postbox
from watchword.settings import SystemSettings

Place = tuple[str, str]
Documents = Mapping[Place, Mapping[str, Any] | None]

_CLOCK: Place = ("watchword.clock", "")
_CHANCE: Place = ("watchword.chance", "")
_POSTBOX: Place = ("watchword.postbox", "")
_MESSAGES, _SETTINGS = "watchword.messages", "watchword.settings"
_OURS = frozenset((_CLOCK[0], _CHANCE[0], _POSTBOX[0], _MESSAGES, _SETTINGS))
_MICROSECOND = timedelta(microseconds=1)
_message: TypeAdapter[Message] = TypeAdapter(Message)


def clock(one: Clock) -> Documents:
    """Write a clock down."""
    frozen_at = None if one.frozen_at is None else one.frozen_at.isoformat()
    return {_CLOCK: {"offset_microseconds": one.offset // _MICROSECOND, "frozen_at": frozen_at}}


def settings(changed: Mapping[str, SystemSettings]) -> Documents:
    """Write settings down, by system; only what was set, so that defaults may change."""
    return {(_SETTINGS, name): one.model_dump(mode="json", exclude_unset=True) for name, one in changed.items()}


def chance(one: Chance, seed: int) -> Documents:
    """Write down where a sequence that began with *seed* stands."""
    return {_CHANCE: {"seed": seed, "state": one.state()}}


def posted(postbox: Postbox, messages: Sequence[Message]) -> Documents:
    """Write down what changes once *messages* are added to *postbox*."""
    out: dict[Place, dict[str, Any] | None] = {(_MESSAGES, str(one.id)): None for one in postbox.crowded_out(messages)}
    out |= {(_MESSAGES, str(one.id)): _message.dump_python(one, mode="json") for one in messages}
    return {**out, _POSTBOX: {"count": postbox.count + len(messages)}} if messages else {}


def emptied(postbox: Iterable[Message]) -> Documents:
    """Write down that every message is thrown away."""
    return {(_MESSAGES, str(one.id)): None for one in postbox}


@dataclass
class Memories:
    """
    What an earlier server wrote down of one sandbox.

    Args:
        documents: All of them, by place.
    """

    documents: Documents = field(repr=False)

    def records(self) -> Documents:
        """Give the documents that are records, which have tables of their own."""
        return {place: document for place, document in self.documents.items() if place[0] not in _OURS}

    def set_clock(self, one: Clock) -> None:
        """Set a clock as it was."""
        found = self.documents.get(_CLOCK)
        if found is not None:
            frozen_at = found["frozen_at"]
            one.state = (
                found["offset_microseconds"] * _MICROSECOND,
                None if frozen_at is None else datetime.fromisoformat(frozen_at).astimezone(UTC),
            )

    def settings(self, now: Mapping[str, SystemSettings]) -> dict[str, SystemSettings]:
        """
        Give the settings: those that were changed as they were, the others as they are *now*.

        Raises:
            ValueError: What was written does not fit any more.
        """
        found = {key: document for (place, key), document in self.documents.items() if place == _SETTINGS}
        return {name: type(one).model_validate(found[name]) if name in found else one for name, one in now.items()}

    def chance(self, seed: int) -> Chance | None:
        """Go on with the sequence that began with *seed*; None if there was none."""
        found = self.documents.get(_CHANCE)
        return Chance.at(found["state"]) if found is not None and found["seed"] == seed else None

    def postbox(self) -> Postbox:
        """Give the messages."""
        written = [document for (place, _), document in self.documents.items() if place == _MESSAGES]
        messages = sorted((_message.validate_python(one) for one in written), key=lambda one: one.id)
        return Postbox(messages=messages, count=(self.documents.get(_POSTBOX) or {"count": 0})["count"])
