"""The bindings file: who plays which role on a server, and what the server can be made to do."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from watchword.contract.accepted import Accepted, UnusableEntry, read_accepted
from watchword.contract.address import UnusableAddress
from watchword.contract.driver import Persona
from watchword.contract.hook_bindings import WAYS, HookMaker, UnusableHook
from watchword.contract.http_target import HttpTarget
from watchword.contract.imap import ImapAddress, read_imap_address
from watchword.contract.subject import Subject
from watchword.contract.wire import Wire
from watchword.domain.durations import read_duration

_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_FILLED_IN: Mapping[str, tuple[str, ...]] = {"clock": ("{seconds}", "{milliseconds}")}
_TABLES = ("server", "keys", "people", "hooks", "settings", "accepted")
_SERVER = ("lacks", "failed_log_ins", "code", "clock_precision", "headers", "mail_patience")
_HOOKS: Mapping[str, tuple[str, ...]] = {
    "reset": ("request", "body", "headers", "command"),
    "clock": ("request", "body", "headers", "command"),
    "mails": (*WAYS, "body", "headers", "list", "to", "subject", "text", "code"),
}


class UnusableBindings(Exception):
    """The file cannot be used; each line of the message says which value, and what would be right."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    def in_file(self, file: object) -> "UnusableBindings":
        """Say in which file."""
        return UnusableBindings(*(f"{file}: {one}" for one in self.problems))


@dataclass(frozen=True)
class Bindings:
    """
    What a bindings file says.

    Args:
        settings: How the stand-in has to be set to be right about this server.
        lacks: Operations that the server does not have, by the part of their ids after the dot.
        mail_patience: How long a mail may take.
        file: Where it stands.
    """

    personas: Mapping[str, Persona]
    hooks: Mapping[str, Mapping[str, Any]] = field(repr=False)
    settings: Mapping[str, Any]
    accepted: Sequence[Accepted]
    lacks: frozenset[str]
    headers: Mapping[str, str] = field(repr=False)
    shown_headers: Mapping[str, str]
    code: str | None
    failed_log_ins: int
    precision: timedelta
    mail_patience: timedelta
    file: str = ""

    def target(self, url: str) -> HttpTarget:
        """
        Make the server at *url*.

        Raises:
            UnusableBindings: A hook cannot be used.
        """
        made = HookMaker(url, frozenset(one for persona in self.personas.values() for one in persona.addresses))
        try:
            hooks = {name: made.hook(name, table) for name, table in self.hooks.items() if name != "mails"}
            mailbox = made.mailbox(self.hooks["mails"]) if "mails" in self.hooks else None
        except UnusableHook as error:
            raise UnusableBindings(f"{self.file}: {error}") from None
        return HttpTarget(
            Wire(url),
            self.personas,
            hooks.get("reset"),
            hooks.get("clock"),
            mailbox,
            self.code,
            self.headers,
            self.shown_headers,
            self.precision,
            self.failed_log_ins,
            self.lacks,
            tuple(made.wires.values()),
        )


def with_codes(code: str | None, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let the stand-in draw its codes as the server does: at random, unless it always sends the same *code*."""
    return {"random_codes": code is None, **settings}


def read_bindings(path: Path, subject: Subject, environment: Mapping[str, str]) -> Bindings:
    """
    Read a bindings file.

    Args:
        environment: For values that are written as ``$NAME``.

    Raises:
        UnusableBindings: It cannot be used.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableBindings(f"{path}: {error}") from None
    try:
        return replace(_Reader(subject, environment).read(content), file=str(path))
    except UnusableBindings as error:
        raise error.in_file(path) from None


@dataclass(frozen=True)
class _Reader:
    subject: Subject
    environment: Mapping[str, str] = field(repr=False)

    def read(self, content: Mapping[str, Any]) -> Bindings:
        _only(content, _TABLES, "")
        server = _table(content, "server")
        _only(server, _SERVER, "server")
        headers = _table(server, "headers", "server.")
        code = self._value(server["code"], "server.code") if "code" in server else None
        return Bindings(
            self._people(_table(content, "people"), _table(content, "keys")),
            {name: self._hook(name, table) for name, table in _table(content, "hooks").items()},
            with_codes(code, _table(content, "settings")),
            _all_accepted(content.get("accepted", [])),
            _lacks(server.get("lacks", [])),
            self._headers(headers, "server.headers"),
            headers,
            code,
            _whole_number(server.get("failed_log_ins", 0), "server.failed_log_ins"),
            _duration(server.get("clock_precision", "20s"), "server.clock_precision"),
            _duration(server.get("mail_patience", "5s"), "server.mail_patience"),
        )

    def _hook(self, name: str, table: Any) -> Mapping[str, Any]:
        place = f"hooks.{name}"
        _only(table, _HOOKS.get(name) or _unknown("hooks", name, _HOOKS), place)
        ways = WAYS if name == "mails" else WAYS[:2]
        if sum(way in table for way in ways) != 1:
            raise UnusableBindings(f"{place} needs one of {', '.join(ways)}")
        filled: dict[str, Any] = {"code": self.subject.code} if name == "mails" else {}
        filled |= self._filled({word: one for word, one in table.items() if word not in ("headers", "body")}, place)
        if "headers" in table:
            filled["headers"] = self._headers(_table(table, "headers", f"{place}."), f"{place}.headers")
        if "body" in table:
            filled["body"] = self._text(table["body"], f"{place}.body")
        if "imap" in table:
            filled["imap"] = self._imap(filled["imap"], f"{place}.imap")
        _check_placeholders(name, filled)
        return filled

    def _imap(self, text: Any, place: str) -> ImapAddress:
        try:
            return read_imap_address(self._value(text, place), lambda part: self._value(part, place))
        except UnusableAddress as error:
            raise UnusableBindings(f"{place} {error}") from None

    def _headers(self, headers: Mapping[str, Any], place: str) -> Mapping[str, str]:
        return {name: self._value(value, f"{place}.{name}") for name, value in headers.items()}

    def _people(self, people: Mapping[str, Any], keys: Mapping[str, Any]) -> Mapping[str, Persona]:
        """Read everybody; all that is wrong with anybody is told at once."""
        found, problems = {}, list[str]()
        for name, table in people.items():
            try:
                found[name] = self._person(name, table, keys)
            except UnusableBindings as error:
                problems += error.problems
        if problems:
            raise UnusableBindings(*problems)
        return found

    def _person(self, name: str, table: Any, keys: Mapping[str, Any]) -> Persona:
        place, role = f"people.{name}", self.subject.roles.get(name) or _unknown("people", name, self.subject.roles)
        if not isinstance(table, Mapping):
            raise UnusableBindings(f"{place} has to be a table")
        missing = [word for word in role.words if word not in table]
        problems = [f"{place} lacks {', '.join(missing)}. {role.who}"] if missing else []
        known, shown = dict[str, str](), dict[str, str]()
        for word, given in table.items():
            try:
                if word not in self._words:
                    _unknown(place, word, self._words)
                text = _key(self._value(given, f"{place}.key"), keys, place) if word == "key" else given
                known[word] = self._checked(word, self._value(text, f"{place}.{word}"), f"{place}.{word}")
            except UnusableBindings as error:
                problems += error.problems
            else:
                if _VARIABLE.fullmatch(text):
                    shown[word] = text
        if problems:
            raise UnusableBindings(*problems)
        return Persona(name, known, shown)

    def _checked(self, word: str, text: str, place: str) -> str:
        check = self.subject.checks.get(word)
        wrong = check(text) if check is not None else ""
        if wrong:
            raise UnusableBindings(f"{place} {wrong}")
        return text

    @property
    def _words(self) -> Sequence[str]:
        """What may be said of anybody."""
        return list(dict.fromkeys(word for role in self.subject.roles.values() for word in role.words))

    def _filled(self, value: Any, place: str) -> Any:
        if isinstance(value, Mapping):
            return {name: self._filled(member, f"{place}.{name}") for name, member in value.items()}
        if isinstance(value, list):
            return [self._filled(member, place) for member in value]
        return self._value(value, place) if isinstance(value, str) and _VARIABLE.fullmatch(value) else value

    def _value(self, text: Any, place: str) -> str:
        """Read a text of one line."""
        value = self._text(text, place)
        if "\r" in value or "\n" in value:
            raise UnusableBindings(f"{place} has a line break in it: it has to be one line")
        return value

    def _text(self, text: Any, place: str) -> str:
        if not isinstance(text, str):
            raise UnusableBindings(f"{place} has to be a text: write it in quotes")
        variable = _VARIABLE.fullmatch(text)
        if variable is None:
            return text
        if variable[1] not in self.environment:
            raise UnusableBindings(f"{place}: the environment has no variable {variable[1]}")
        return self.environment[variable[1]]


def _check_placeholders(name: str, table: Mapping[str, Any]) -> None:
    """Refuse a placeholder that nothing is filled in for, and a clock hook that is not told how far."""
    filled = _FILLED_IN.get(name, ())
    there = f"there are: {', '.join(filled)}" if filled else "nothing is filled in here"
    for word in ("request", "body"):
        for found in _PLACEHOLDER.findall(str(table.get(word, ""))):
            if found not in filled:
                raise UnusableBindings(f"hooks.{name}.{word}: {found} is not known{_perhaps(found, filled)}; {there}")
    if filled and not any(one in str(table) for one in filled):
        raise UnusableBindings(f"hooks.{name} does not say how far: {' or '.join(filled)} has to be in it")


def _all_accepted(value: Any) -> Sequence[Accepted]:
    if not isinstance(value, list):
        raise UnusableBindings("accepted has to be a list of tables, each under [[accepted]]")
    try:
        return [read_accepted(f"accepted[{number}]", one) for number, one in enumerate(value)]
    except UnusableEntry as error:
        raise UnusableBindings(str(error)) from None


def _table(content: Mapping[str, Any], name: str, within: str = "") -> Mapping[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, Mapping):
        raise UnusableBindings(f"{within}{name} has to be a table")
    return found


def _only(table: Any, known: Sequence[str], place: str) -> None:
    if not isinstance(table, Mapping):
        raise UnusableBindings(f"{place} has to be a table")
    for name in table:
        if name not in known:
            _unknown(place, name, known)


def _unknown(place: str, name: str, known: Any) -> Any:
    where = f"{place}.{name}" if place else name
    raise UnusableBindings(f"{where} is not known{_perhaps(name, known)}; there are: {', '.join(known)}")


def _perhaps(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f", perhaps {near[0]} is meant" if near else ""


def _key(name: str, keys: Mapping[str, Any], place: str) -> Any:
    if name not in keys:
        there = f"there are: {', '.join(keys)}" if keys else "there is none"
        raise UnusableBindings(f"{place}.key: there is no key {name!r} in [keys]{_perhaps(name, keys)}; {there}")
    return keys[name]


def _lacks(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UnusableBindings('server.lacks has to be a list of operations, as in ["list_users"]')
    return frozenset(value)


def _whole_number(value: Any, place: str) -> int:
    if type(value) is not int or value < 0:
        raise UnusableBindings(f"{place} has to be a whole number from 0 on")
    return value


def _duration(value: Any, place: str) -> timedelta:
    try:
        return read_duration(str(value))
    except ValueError as error:
        raise UnusableBindings(f"{place} {error}") from None
