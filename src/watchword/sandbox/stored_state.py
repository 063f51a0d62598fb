"""
What a sandbox persists besides records, as documents and back: clock, settings, chance, messages, faults.

A snapshot persists rate windows and mutants too, which end with the process in a sandbox.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from watchword.domain.chance import Chance
from watchword.domain.clock import Clock
from watchword.domain.limits import Limit, RateLimiter
from watchword.domain.mutation import gone, mutants_in
from watchword.domain.outbox import Mailbox, Message
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import faults
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import ArmedFault, FaultPlan
from watchword.system.settings import STORED, SettingsBySystem, SystemSettings

Place = tuple[str, str]
Documents = Mapping[Place, Mapping[str, Any] | None]

_CLOCK: Place = ("watchword.clock", "")
_FAULTS: Place = ("watchword.faults", "")
_MAILBOX: Place = ("watchword.postbox", "")
_ORIGIN: Place = ("watchword.origin", "")
_PROPOSAL: Place = ("watchword.proposal", "")
_SNAPSHOT: Place = ("watchword.snapshot", "")
_CHANCE, _MESSAGES = "watchword.chance", "watchword.messages"
_SETTINGS, _FRESH_SETTINGS = "watchword.settings", "watchword.fresh-settings"
_PLACES = (_CLOCK, _FAULTS, _MAILBOX, _ORIGIN, _PROPOSAL, _SNAPSHOT)
_OURS = frozenset((*(table for table, _ in _PLACES), _CHANCE, _MESSAGES, _SETTINGS, _FRESH_SETTINGS))
_MICROSECOND = timedelta(microseconds=1)
_message: TypeAdapter[Message] = TypeAdapter(Message)


def of_clock(one: Clock) -> Documents:
    """Give the documents of a clock."""
    frozen_at = None if one.frozen_at is None else one.frozen_at.isoformat()
    document: dict[str, Any] = {"offset_microseconds": one.offset // _MICROSECOND, "frozen_at": frozen_at}
    if one.pace is not None:
        scale, since = one.pace
        document["pace"] = {"scale": scale, "since": since.isoformat()}
    return {_CLOCK: document}


def of_faults(armed: Sequence[ArmedFault], count: int, fresh: Sequence[FaultPlan]) -> Documents:
    """
    Give the document of the armed faults.

    Args:
        fresh: Those of a fresh sandbox, for the same reason as in `of_settings`.
    """
    brought = [one.model_dump(mode="json", exclude_none=True) for one in fresh]
    return {_FAULTS: {**faults.to_json(armed, count), "fresh": brought}}


def of_settings(changed: SettingsBySystem, fresh: SettingsBySystem) -> Documents:
    """
    Give the documents of settings, by system; only what was set, so that a later release can change a default.

    Args:
        fresh: Those of a fresh sandbox, which are written beside them: so a later server, which may begin with others,
            knows what was changed here.
    """
    both = ((_SETTINGS, changed), (_FRESH_SETTINGS, fresh))
    return {
        (table, name): one[name].model_dump(mode="json", exclude_unset=True) for table, one in both for name in changed
    }


def of_own_settings(settings: SettingsBySystem, fresh: SettingsBySystem) -> Documents:
    """Give the changes of documents that leave only those *settings* which differ from those of a *fresh* sandbox."""
    own = {name: one for name, one in settings.items() if one != fresh[name]}
    none = {(table, name): None for table in (_SETTINGS, _FRESH_SETTINGS) for name in settings}
    return {**none, **of_settings(own, fresh)}


def of_proposal(name: str) -> Documents:
    """Give the change of the document that names the proposal of a sandbox; empty for none."""
    return {_PROPOSAL: {"name": name} if name else None}


def of_chance(system: str, one: Chance, random_seed: int) -> Documents:
    """Give the document of the sequence of a *system*, which began with *random_seed*."""
    return {(_CHANCE, system): {"seed": random_seed, "state": one.export_state()}}


def of_messages(mailbox: Mailbox, messages: Sequence[Message]) -> Documents:
    """Give the changes of documents when *messages* are added to *mailbox*."""
    out: dict[Place, dict[str, Any] | None] = {
        (_MESSAGES, str(one.id)): None for one in mailbox.find_overflow(messages)
    }
    out |= {(_MESSAGES, str(one.id)): _message.dump_python(one, mode="json") for one in messages}
    return {**out, _MAILBOX: {"count": mailbox.count + len(messages)}} if messages else {}


def of_mailbox(mailbox: Mailbox) -> Documents:
    """Give the documents of a whole *mailbox*."""
    messages = {(_MESSAGES, str(one.id)): _message.dump_python(one, mode="json") for one in mailbox}
    return {**messages, _MAILBOX: {"count": mailbox.count}}


def of_origin(chances: Chances) -> Documents:
    """Give the document of the name of the sandbox whose chance goes on in this one, and of a pinned seed."""
    seed = {"seed": chances.seed} if chances.pinned else {}
    return {_ORIGIN: {"sandbox": chances.origin, **seed}}


def of_snapshot(taken_at: datetime, limiter: RateLimiter, rules: RuleSwitches, *, runs: bool) -> Documents:
    """
    Give the document of what only a snapshot persists.

    Args:
        taken_at: In real time.
        runs: Whether the clock ran when it was taken; in the snapshot it stands.
    """
    document = {"taken_at": taken_at.isoformat(), "runs": runs, "limits": limits_to_json(limiter)}
    return {_SNAPSHOT: {**document, "mutants": list(mutants_in(rules))}}


def messages_to_json(mailbox: Mailbox) -> dict[str, Any]:
    """Write the messages of a sandbox, for an export."""
    return {"count": mailbox.count, "sent": [_message.dump_python(one, mode="json") for one in mailbox]}


def limits_to_json(limiter: RateLimiter) -> list[dict[str, Any]]:
    """Write the rate windows of a sandbox, for a disk or an export."""
    return [
        {
            "caller": caller,
            "requests": limit.requests,
            "seconds": int(limit.window.total_seconds()),
            "started_at": started_at.isoformat(),
            "count": count,
        }
        for caller, limit, started_at, count in limiter
    ]


def limits_from_json(written: Iterable[Mapping[str, Any]]) -> RateLimiter:
    """
    Read what `limits_to_json` wrote.

    Raises:
        ValueError, KeyError, TypeError: It is something else.
    """
    return RateLimiter.of(
        (
            one["caller"],
            Limit(one["requests"], timedelta(seconds=one["seconds"])),
            datetime.fromisoformat(one["started_at"]).astimezone(UTC),
            one["count"],
        )
        for one in written
    )


def of_emptied(mailbox: Iterable[Message]) -> Documents:
    """Give the changes of documents when every message is deleted."""
    return {(_MESSAGES, str(one.id)): None for one in mailbox}


@dataclass
class StoredState:
    """
    What an earlier server persisted of one sandbox.

    Args:
        documents: All of them, by place.
    """

    documents: Documents = field(repr=False)

    def records(self) -> Documents:
        """Give the documents that are records; those have tables of their own."""
        return {place: document for place, document in self.documents.items() if place[0] not in _OURS}

    def set_clock(self, one: Clock) -> None:
        """Set a clock to where it was."""
        found = self.documents.get(_CLOCK)
        if found is not None:
            frozen_at = found["frozen_at"]
            one.position = (
                found["offset_microseconds"] * _MICROSECOND,
                None if frozen_at is None else datetime.fromisoformat(frozen_at).astimezone(UTC),
            )
            pace = found.get("pace")
            one.pace = None if pace is None else (pace["scale"], datetime.fromisoformat(pace["since"]).astimezone(UTC))

    def faults(self, fresh: tuple[ArmedFault, ...] = ()) -> tuple[tuple[ArmedFault, ...], int]:
        """
        Give the armed faults, and how many were armed since the last reset.

        Args:
            fresh: Those of a fresh sandbox, in which nobody has armed or disarmed any.
        """
        found = self.documents.get(_FAULTS)
        return (fresh, len(fresh)) if found is None else faults.from_json(found)

    def fresh_faults(self, now: Sequence[FaultPlan] = ()) -> Sequence[FaultPlan]:
        """
        Give what a fresh sandbox began with when the faults were written; *now* where that is unknown.

        Raises:
            ValueError: One of them cannot be read.
        """
        found = (self.documents.get(_FAULTS) or {}).get("fresh")
        return now if found is None else tuple(map(FaultPlan.model_validate, found))

    def settings(self, now: SettingsBySystem) -> dict[str, SystemSettings]:
        """
        Give the settings: persisted ones as they were, the others as they are *now*.

        Raises:
            ValueError: A persisted setting does not fit any more.
        """
        return self._models(_SETTINGS, now)

    def fresh_settings(self, now: SettingsBySystem) -> dict[str, SystemSettings]:
        """
        Give what a fresh sandbox began with when the persisted settings were written; *now* where that is unknown.

        Raises:
            ValueError: One of these settings does not fit any more.
        """
        return self._models(_FRESH_SETTINGS, now)

    def _models(self, table: str, now: SettingsBySystem) -> dict[str, SystemSettings]:
        found = {key: document for (place, key), document in self.documents.items() if place == table}
        return {
            name: type(one).model_validate(found[name], context=STORED) if name in found else one
            for name, one in now.items()
        }

    def proposal(self) -> str:
        """Give the name of the proposal that the sandbox had chosen; empty for none."""
        return str((self.documents.get(_PROPOSAL) or {"name": ""})["name"])

    def chances(self, random_seed: int | None) -> dict[str, Chance]:
        """
        Give the sequences that began with *random_seed*, by system.

        The first releases had one for all systems, which stands here without the name of a system.
        """
        found = {key: document for (place, key), document in self.documents.items() if place == _CHANCE and document}
        return {key: Chance.from_state(one["state"]) for key, one in found.items() if one["seed"] == random_seed}

    def origin(self, name: str) -> str:
        """Give the name of the sandbox whose chance goes on here: its own *name*, unless it is a fork."""
        found = self.documents.get(_ORIGIN)
        return name if found is None else str(found["sandbox"])

    def pinned_seed(self) -> int | None:
        """Give the seed that belongs to the sequences, if one does."""
        found = (self.documents.get(_ORIGIN) or {}).get("seed")
        return None if found is None else int(found)

    def taken_at(self) -> datetime | None:
        """Give when a snapshot was taken, in real time; None if that is lost."""
        found = self.documents.get(_SNAPSHOT)
        return None if found is None else datetime.fromisoformat(found["taken_at"]).astimezone(UTC)

    def runs(self) -> bool:
        """Whether the clock ran when a snapshot was taken."""
        return bool((self.documents.get(_SNAPSHOT) or {"runs": True})["runs"])

    def limiter(self) -> RateLimiter:
        """Give the rate windows of a snapshot."""
        return limits_from_json((self.documents.get(_SNAPSHOT) or {"limits": ()})["limits"])

    def mutants(self) -> tuple[str, ...]:
        """Give the ids of the mutants of a snapshot; the first releases named rules that were switched off."""
        found = self.documents.get(_SNAPSHOT) or {}
        return (*map(gone, found.get("rules_off", ())), *map(str, found.get("mutants", ())))

    def mailbox(self) -> Mailbox:
        """Give the messages."""
        written = [document for (place, _), document in self.documents.items() if place == _MESSAGES]
        messages = sorted((_message.validate_python(one) for one in written), key=lambda one: one.id)
        count = (self.documents.get(_MAILBOX) or {"count": 0})["count"]
        # The number may have been lost with a damaged row, and no id is given twice.
        return Mailbox(messages=messages, count=max(count, messages[-1].id if messages else 0))


def is_readable(place: str, key: str, document: Any, settings: SettingsBySystem) -> bool:
    """
    Whether a document that is no record can be read by itself.

    Args:
        settings: Of a fresh sandbox.

    Raises:
        ValueError, KeyError, TypeError, ArithmeticError: It cannot.
    """
    one = StoredState({(place, key): document})
    one.set_clock(Clock())
    one.settings(settings)
    one.fresh_settings(settings)
    one.faults()
    one.fresh_faults()
    one.mailbox()
    one.origin("")
    one.proposal()
    one.pinned_seed()
    one.taken_at()
    one.runs()
    one.limiter()
    one.mutants()
    return place != _CHANCE or bool(one.chances(document["seed"]))
