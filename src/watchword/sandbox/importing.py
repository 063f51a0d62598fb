"""Read the document of one sandbox; what does not fit is named with its place and what would be right."""

import re
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from struct import error as struct_error
from struct import unpack
from typing import Any

from pydantic import TypeAdapter, ValidationError

from watchword.domain.chance import Chance
from watchword.domain.limits import RateLimiter
from watchword.domain.mutation import Mutant, break_rules, gone
from watchword.domain.outbox import Mailbox, Message
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import stored_state
from watchword.sandbox.faults import ArmedFault
from watchword.sandbox.imported_records import Wrong, judge, read_records, wrong_in
from watchword.sandbox.state_file import FORMAT, WORDS, FileChance, FileFaults, FileMessages, StateFile
from watchword.store import Document
from watchword.system.setting_faults import invalid_settings
from watchword.system.settings import IN_SANDBOX, SettingsBySystem, SystemSettings

_SHOWN = 20
_FAULT_ID = re.compile(r"fault-([1-9][0-9]{0,9})\Z")
_VERSION = re.compile(r"[\w.+-]{1,32}\Z")
_message: TypeAdapter[Message] = TypeAdapter(Message)


class UnusableState(Exception):
    """
    A document that is no sandbox of this server.

    Args:
        wrong: What is wrong, each with its place; at least one.
    """

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("; ".join(f"{'.'.join(one.path)}: {one.detail}" for one in wrong))
        self.wrong = tuple(wrong[:_SHOWN])


class NewerFormat(Exception):
    """
    A document of a later release.

    Args:
        version: The release that wrote it; empty if it does not say so.
    """

    def __init__(self, number: int, version: str) -> None:
        super().__init__(number)
        self.number, self.version = number, version


@dataclass(frozen=True)
class Content:
    """
    What a document says of a sandbox.

    Args:
        now: What its clock shows.
        scale: How fast the clock runs.
        seed: What its chance began with, in the sandbox called *origin*.
        idle_faults: The ids of those that could meet no request in the exported sandbox.
        records: By table and key.
    """

    now: datetime
    frozen: bool
    scale: float
    seed: int
    origin: str
    sequences: Mapping[str, Chance]
    settings: Mapping[str, SystemSettings]
    rules: RuleSwitches
    limiter: RateLimiter
    faults: tuple[ArmedFault, ...]
    fault_count: int
    idle_faults: frozenset[str]
    mailbox: Mailbox
    proposal: str
    records: Mapping[tuple[str, str], Document] = field(repr=False)


def read_content(
    written: Any,
    defaults: SettingsBySystem,
    find_mutant: Callable[[str], Mutant | None],
    proposals: Collection[str] = (),
) -> Content:
    """
    Read the document of a sandbox.

    Args:
        written: JSON values.
        defaults: The settings of every system of this server, with nothing set.
        find_mutant: Gives the mutant with an id; None if there is none.
        proposals: The names of those that this server has.

    Raises:
        NewerFormat: It is of a later release.
        UnusableState: It does not fit.
    """
    _check_format(written)
    try:
        file = StateFile.model_validate(written)
    except ValidationError as error:
        raise UnusableState(wrong_in(error)) from None
    wrong: list[Wrong] = []
    content = Content(
        now=file.clock.now,
        frozen=file.clock.frozen,
        scale=file.clock.scale,
        seed=file.chance.seed,
        origin=file.chance.origin,
        sequences=_sequences(file.chance, defaults, wrong),
        settings=_settings(file.settings, defaults, wrong),
        rules=_rules(file, find_mutant, wrong),
        limiter=stored_state.limits_from_json([one.model_dump(mode="json") for one in file.limits]),
        faults=_faults(file.faults, wrong),
        fault_count=max(
            file.faults.count, *(int(one.id[6:]) for one in file.faults.armed if _FAULT_ID.match(one.id)), 0
        ),
        idle_faults=frozenset(file.faults.idle),
        mailbox=_mailbox(file.messages, defaults, wrong),
        proposal=_proposal(file.proposal or "", proposals, wrong),
        records=read_records(file.records, wrong),
    )
    if wrong:
        raise UnusableState(wrong)
    return content


def _check_format(written: Any) -> None:
    if not isinstance(written, Mapping):
        raise UnusableState([Wrong((), "must be an object, as GET /__admin/state answers")])
    number = written.get("format")
    if isinstance(number, int) and not isinstance(number, bool) and number > FORMAT:
        version = written.get("version")
        raise NewerFormat(number, version if isinstance(version, str) and _VERSION.match(version) else "")


def _is_known(name: str, defaults: SettingsBySystem, path: tuple[str, ...], wrong: list[Wrong]) -> bool:
    if name not in defaults:
        wrong.append(Wrong(path, f"is no system of this server; there are: {', '.join(defaults)}"))
    return name in defaults


def _proposal(name: str, known: Collection[str], wrong: list[Wrong]) -> str:
    if name and name not in known:
        listed = f"there are: {', '.join(known)}" if known else "it has none"
        wrong.append(Wrong(("proposal",), f"is no proposal of this server ({listed}); --proposal NAME=FILE brings one"))
    return name


def _sequences(chance: FileChance, defaults: SettingsBySystem, wrong: list[Wrong]) -> dict[str, Chance]:
    found = {}
    for name, one in chance.sequences.items():
        path = ("chance", "sequences", name)
        if _is_known(name, defaults, path, wrong):
            try:
                words = unpack(f"<{WORDS}I", b64decode(one.words, validate=True))
                found[name] = Chance.from_state([*words, one.position])
            except (ValueError, struct_error):
                wrong.append(Wrong((*path, "words"), f"must be {WORDS} numbers of 32 bits in base64"))
    return found


def _settings(given: Mapping[str, Any], defaults: SettingsBySystem, wrong: list[Wrong]) -> dict[str, SystemSettings]:
    settings = dict(defaults)
    for name, one in given.items():
        if _is_known(name, defaults, ("settings", name), wrong):
            model = type(defaults[name])
            try:
                settings[name] = model.model_validate(one, context=IN_SANDBOX)
            except ValidationError as error:
                faults = invalid_settings(model, error).faults
                wrong += [Wrong(("settings", name, *fault.path), fault.detail) for fault in faults]
    return settings


def _rules(file: StateFile, find_mutant: Callable[[str], Mutant | None], wrong: list[Wrong]) -> RuleSwitches:
    places = {("rulesOff", str(number)): gone(rule_id) for number, rule_id in enumerate(file.rules_off)}
    places |= {("mutants", str(number)): name for number, name in enumerate(file.mutants)}
    broken: dict[str, str] = {}
    found: dict[str, Mutant] = {}
    for place, name in places.items():
        one = find_mutant(name)
        if one is None:
            kind, command = ("rule", "rules") if place[0] == "rulesOff" else ("mutant", "mutants")
            wrong.append(Wrong(place, f"is no {kind} of this release; 'watchword {command}' lists them"))
            continue
        if taken := [broken[subject] for subject in one.alternatives if broken.get(subject, name) != name]:
            wrong.append(Wrong(place, f"breaks the same rule as {taken[0]}"))
        broken |= dict.fromkeys(one.alternatives, name)
        found[name] = one
    return break_rules(found.values())


def _faults(given: FileFaults, wrong: list[Wrong]) -> tuple[ArmedFault, ...]:
    known: set[str] = set()
    for number, one in enumerate(given.armed):
        if not _FAULT_ID.match(one.id) or one.id in known:
            wrong.append(
                Wrong(("faults", "armed", str(number), "id"), "must be fault- with a number that no other has")
            )
        known.add(one.id)
    return given.armed


def _mailbox(given: FileMessages, defaults: SettingsBySystem, wrong: list[Wrong]) -> Mailbox:
    messages: dict[int, Message] = {}
    for number, one in enumerate(given.sent):
        path = ("messages", "sent", str(number))
        found = judge(_message, one, path, wrong)
        if found is None:
            continue
        _is_known(found.system, defaults, (*path, "system"), wrong)
        if found.id in messages or found.id < 1:
            wrong.append(Wrong((*path, "id"), "must be a number from 1 that no other message has"))
        messages[found.id] = found
    return Mailbox(messages=[messages[one] for one in sorted(messages)], count=max([given.count, *messages]))
