"""Any server behind HTTP as the server of a scenario, with the hooks that somebody has for it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from watchword.contract.driver import Ability, Mail, Persona, Reply, Request, TargetFailed
from watchword.contract.hooks import CommandHook, Hook
from watchword.contract.mailboxes import Mailbox
from watchword.contract.wire import Wire, send_at_once
from watchword.domain.clock import system_time


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
    mails_hook: Mailbox | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    shown_headers: Mapping[str, str] = field(default_factory=dict)
    precision: timedelta = timedelta(seconds=20)
    failed_log_ins: int = 0
    lacks: frozenset[str] = frozenset()
    hook_wires: tuple[Wire, ...] = ()
    skew: timedelta = timedelta(minutes=2)
    real_time: Callable[[], datetime] = system_time
    _ahead: timedelta = field(default=timedelta(), init=False)
    _hangs: bool = field(default=False, init=False)
    """Whether the newest attempt to put it back took all the patience that there is."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can be made to do."""
        hooks = {Ability.RESET: self.reset_hook, Ability.CLOCK: self.clock_hook, Ability.MAILS: self.mails_hook}
        found = {ability for ability, hook in hooks.items() if hook is not None}
        if self.mails_hook is not None or self.code is not None:
            found.add(Ability.CODES)
        return frozenset(found)

    def reach(self) -> None:
        """Find out whether anybody is there; a command that puts the server back may be what starts it."""
        if not isinstance(self.reset_hook, CommandHook):
            self.wire.reach()

    def begin(self) -> None:
        """Put it back to how it was at first, with its clock, if a hook does that; earlier mails never count."""
        if self.reset_hook is not None:
            self._put_back(self.reset_hook)
            self._ahead = timedelta()
        if self.mails_hook is not None:
            self.mails_hook.begin()

    def _put_back(self, hook: Hook) -> None:
        try:
            hook.run()
        except TargetFailed as error:
            self._hangs = error.hung
            raise
        self._hangs = False

    def send(self, request: Request) -> Reply:
        """Send a request."""
        return self.wire.carry(replace(request, headers={**request.headers, **self.headers}))

    def send_at_once(self, requests: Sequence[Request]) -> Sequence[Reply]:
        """Send requests at once, each on a connection of its own."""
        headed = [replace(one, headers={**one.headers, **self.headers}) for one in requests]
        return send_at_once(self.wire.url, headed)

    def now(self) -> datetime:
        """Tell what its clock shows, if it shows the real time and what it was moved by."""
        return self.real_time() + self._ahead

    def client_time(self) -> datetime:
        """Tell what its clock shows: it knows no other."""
        return self.now()

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
        return [] if self.mails_hook is None else self.mails_hook.read()

    def close(self) -> None:
        """Put it back, so that the next run finds it as this one did, and end all connections."""
        if self.reset_hook is not None and not self._hangs:
            with suppress(TargetFailed):  # a server that is lost; the next run says so
                self.reset_hook.run()
        if self.mails_hook is not None:
            self.mails_hook.close()
        for wire in (self.wire, *self.hook_wires):
            wire.close()
