"""Any server behind HTTP as the server of a scenario, and the hooks that somebody has for it."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson

from watchword.contract.driver import Ability, Mail, Persona, Reply, Request, TargetFailed
from watchword.contract.values import at
from watchword.contract.wire import Wire, send_at_once
from watchword.domain.clock import system_time

_PATIENCE_SECONDS = 30.0
_LINK = re.compile(r"https?://[^\s\"'<>]+")


class Hook(Protocol):
    """Something that a server can be made to do."""

    def run(self, **values: str) -> bytes:
        """
        Do it, with *values* in the place of their names in braces.

        Raises:
            TargetFailed: It did not work.
        """


@dataclass(frozen=True)
class HttpHook:
    """
    A request that makes the server do something.

    Args:
        name: Of the hook, for messages.
        path: On *wire*'s server.
    """

    name: str
    wire: Wire
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = ""

    def run(self, **values: str) -> bytes:
        """Send it."""
        body, path = self.body, self.path
        for name, value in values.items():
            body, path = body.replace(f"{{{name}}}", value), path.replace(f"{{{name}}}", value)
        headers = {"Content-Type": "application/json", **self.headers} if body else dict(self.headers)
        reply = self.wire.send(self.method, path, headers, body.encode())
        if not 200 <= reply.status < 300:
            raise TargetFailed(f"hooks.{self.name}: {self.method} {path} was answered {reply.status}")
        return reply.content


@dataclass(frozen=True)
class CommandHook:
    """A command that makes the server do something; what it writes is the answer."""

    name: str
    command: tuple[str, ...]

    def run(self, **values: str) -> bytes:
        """Run it."""
        words = list(self.command)
        for name, value in values.items():
            words = [word.replace(f"{{{name}}}", value) for word in words]
        try:
            done = subprocess.run(words, capture_output=True, timeout=_PATIENCE_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TargetFailed(f"hooks.{self.name}: {words[0]}: {error}") from None
        if done.returncode:
            raise TargetFailed(f"hooks.{self.name}: {words[0]} ended with {done.returncode}")
        return done.stdout


@dataclass(frozen=True)
class MailsHook:
    """
    How mails are read.

    Args:
        mails: A JSON pointer to the list; the others are pointers within a mail.
        code: What a code in a text looks like.
    """

    source: Hook
    mails: str = ""
    to: str = "/to"
    subject: str = "/subject"
    text: str = "/text"
    code: re.Pattern[str] = re.compile(r"\b\d{6}\b")

    def read(self) -> Sequence[Mail]:
        """
        List all mails, oldest first.

        Raises:
            TargetFailed: They cannot be read.
        """
        content = self.source.run()
        try:
            return [self._mail(one) for one in at(orjson.loads(content), self.mails)]
        except (ValueError, LookupError, TypeError) as error:
            raise TargetFailed(f"hooks.mails: what it answers has nothing at {error}") from None

    def _mail(self, one: Any) -> Mail:
        to, text = at(one, self.to), str(at(one, self.text))
        links = tuple(_LINK.findall(text))
        codes = tuple(self.code.findall(_LINK.sub(" ", text))) or tuple(self.code.findall(text))
        return Mail(str(to[0] if isinstance(to, list) else to), str(at(one, self.subject)), codes, links)


@dataclass
class HttpTarget:
    """
    A server behind HTTP.

    Args:
        code: The code in every mail, for a server that always sends the same one and whose mails cannot be read.
        headers: Are sent with every request.
        shown_headers: The same, as reports show them.
        lacks: Operations that it does not have, by the part of their ids after the dot.
    """

    wire: Wire
    personas: Mapping[str, Persona]
    reset_hook: Hook | None = None
    clock_hook: Hook | None = None
    mails_hook: MailsHook | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    shown_headers: Mapping[str, str] = field(default_factory=dict)
    precision: timedelta = timedelta(seconds=20)
    failed_log_ins: int = 0
    lacks: frozenset[str] = frozenset()
    hook_wires: tuple[Wire, ...] = ()
    _ahead: timedelta = field(default=timedelta(), init=False)
    _earlier_mails: int = field(default=0, init=False)

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can be made to do."""
        hooks = {Ability.RESET: self.reset_hook, Ability.CLOCK: self.clock_hook, Ability.MAILS: self.mails_hook}
        found = {ability for ability, hook in hooks.items() if hook is not None}
        if self.mails_hook is not None or self.code is not None:
            found.add(Ability.CODES)
        return frozenset(found)

    def begin(self) -> None:
        """Put it back to how it was at first, with its clock, if a hook does that; earlier mails never count."""
        if self.reset_hook is not None:
            self.reset_hook.run()
            self._ahead = timedelta()
        self._earlier_mails = 0 if self.mails_hook is None else len(self.mails_hook.read())

    def send(self, request: Request) -> Reply:
        """Send a request."""
        return self.wire.send(request.method, request.path, {**request.headers, **self.headers}, request.body)

    def send_at_once(self, requests: Sequence[Request]) -> Sequence[Reply]:
        """Send requests at once, each on a connection of its own."""
        headed = [replace(one, headers={**one.headers, **self.headers}) for one in requests]
        return send_at_once(self.wire.url, headed)

    def now(self) -> datetime:
        """Tell what its clock shows, if it shows the real time and what it was moved by."""
        return system_time() + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move its clock."""
        assert self.clock_hook is not None  # noqa: S101  # asked before
        milliseconds = int(by.total_seconds() * 1000)
        seconds = milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000
        self.clock_hook.run(seconds=str(seconds), milliseconds=str(milliseconds))
        self._ahead += by

    def tune(self, settings: Mapping[str, Any]) -> None:
        """Nobody can change how a foreign server behaves."""
        raise TargetFailed(f"the settings of this server cannot be changed: {sorted(settings)}")

    def mails(self) -> Sequence[Mail]:
        """List what was sent since the sequence began."""
        return [] if self.mails_hook is None else self.mails_hook.read()[self._earlier_mails :]

    def close(self) -> None:
        """End all connections."""
        for wire in (self.wire, *self.hook_wires):
            wire.close()
