"""A sandbox in this process as the server of a scenario."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from watchword.contract.driver import Ability, Mail, Persona, Reply, Request, read_json
from watchword.control.clock import advance_clock, freeze_clock, read_clock
from watchword.control.inbox import find_messages
from watchword.control.sandboxes import reset_sandbox
from watchword.control.settings import change_settings
from watchword.sandbox import Sandbox, Sandboxes

T = TypeVar("T")


@dataclass
class InProcess:
    """
    A sandbox of a server that this process has built.

    Args:
        app: The server.
        runner: The event loop that it runs in.
        name: Of the sandbox.
        system: Whose settings change.
        tuned: The settings that every sequence begins with, as a JSON merge patch says.
    """

    app: ASGIApp
    runner: asyncio.Runner
    sandboxes: Sandboxes
    name: str
    system: str
    personas: Mapping[str, Persona]
    tuned: Mapping[str, Any] | None = None
    abilities: frozenset[Ability] = frozenset(Ability)
    precision: timedelta = timedelta(microseconds=1)
    skew: timedelta = timedelta()
    failed_log_ins: int = 1_000_000
    code: str | None = None
    lacks: frozenset[str] = frozenset()

    @property
    def shown_headers(self) -> Mapping[str, str]:
        """What names the sandbox."""
        return {"Watchword-Sandbox": self.name}

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox; a reset puts another one in its place."""
        return self.sandboxes.enter(self.name)

    def reach(self) -> None:
        """It is always there."""

    def begin(self) -> None:
        """Put the sandbox back to the seed data, and stop its clock: answers that take their time come at once."""
        reset_sandbox(self.sandboxes, self.name)
        freeze_clock(self.sandbox)
        if self.tuned:
            self.tune(self.tuned)

    def send(self, request: Request) -> Reply:
        """Send a request."""
        return self.runner.run(_send(self.app, request, self.name))

    def send_at_once(self, requests: Sequence[Request]) -> Sequence[Reply]:
        """Send requests one after the other, as this process handles them."""
        return [self.send(one) for one in requests]

    def leaves_mark(self, send: Callable[[], T]) -> tuple[T, bool]:
        """Send something; gives what came of it, and whether anything in the sandbox is another than before."""
        history = self.sandbox.history
        position = history.position
        answer = send()
        changes = history.since(position)
        return answer, any(one.messages or any(row.before != row.after for row in one.records) for one in changes)

    def now(self) -> datetime:
        """Read the sandbox's clock."""
        return read_clock(self.sandbox).now

    def client_time(self) -> datetime:
        """Tell the real time: clients know nothing of the sandbox's clock."""
        return self.sandbox.clock.wall_clock()

    def advance(self, by: timedelta) -> None:
        """Move the sandbox's clock."""
        advance_clock(self.sandbox, by)

    def tune(self, settings: Mapping[str, Any]) -> None:
        """Change the settings of the system."""
        change_settings(self.sandbox, {self.system: settings})

    def mails(self) -> Sequence[Mail]:
        """List what was sent, oldest first."""
        found = reversed(find_messages(self.sandbox))
        return [Mail(one.to, one.subject, one.codes, one.links, one.text) for one in found]


async def _send(app: ASGIApp, request: Request, sandbox: str) -> Reply:
    path, _, query = request.path.partition("?")
    sent = {
        **{name.lower(): value for name, value in request.headers.items()},
        "host": "127.0.0.1",
        "watchword-sandbox": sandbox,
        "content-length": str(len(request.body)),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "2" if request.needs_http2 else "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "extensions": {"http.response.trailers": {}} if request.needs_http2 else {},
    }
    pending = [{"type": "http.request", "body": request.body, "more_body": False}]
    messages: list[Message] = []

    async def receive() -> Message:
        if not pending:
            await asyncio.Event().wait()
        return pending.pop()

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in messages)
    sections = [message["headers"] for message in messages if "headers" in message]  # the last one are trailers
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for pairs in sections for name, value in pairs}
    return Reply(messages[0]["status"], headers, content, read_json(content))
