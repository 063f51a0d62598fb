"""What a server can be made to do besides answering: a request to it, or a command beside it."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from watchword.client.errors import reason_of
from watchword.contract.driver import TargetFailed
from watchword.contract.wire import Wire

_PATIENCE_SECONDS = 30.0
_FORM = ("Content-Type", "Content-Encoding")


@dataclass(frozen=True)
class Said:
    """What a hook answers; *form* is how that is written, as the answer says, for messages."""

    content: bytes = field(repr=False)
    form: str = ""


class Hook(Protocol):
    """Something that a server can be made to do."""

    def run(self, **values: str) -> Said:
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

    def run(self, **values: str) -> Said:
        """Send it."""
        body, path = self.body, self.path
        for name, value in values.items():
            body, path = body.replace(f"{{{name}}}", value), path.replace(f"{{{name}}}", value)
        headers = {"Content-Type": "application/json", **self.headers} if body else dict(self.headers)
        with named(self.name):
            reply = self.wire.send(self.method, path, headers, body.encode(), may_repeat=True)
        if not 200 <= reply.status < 300:
            moved = f", to {reply.headers['location']}" if "location" in reply.headers else ""
            raise TargetFailed(f"hooks.{self.name}: {self.method} {path} was answered {reply.status}{moved}")
        told = (f"{name} {reply.headers[name.lower()]}" for name in _FORM if name.lower() in reply.headers)
        return Said(reply.content, ", ".join(told))


@dataclass(frozen=True)
class CommandHook:
    """A command that makes the server do something within *patience_seconds*; what it writes is the answer."""

    name: str
    command: tuple[str, ...]
    patience_seconds: float = _PATIENCE_SECONDS

    def run(self, **values: str) -> Said:
        """Run it."""
        words = list(self.command)
        for name, value in values.items():
            words = [word.replace(f"{{{name}}}", value) for word in words]
        try:
            done = subprocess.run(words, capture_output=True, timeout=self.patience_seconds, check=False)  # noqa: S603
        except OSError as error:
            raise TargetFailed(f"hooks.{self.name}: {words[0]} cannot be run ({reason_of(error)})") from None
        except subprocess.TimeoutExpired:
            told = f"hooks.{self.name}: {words[0]} takes more than {self.patience_seconds:g} seconds"
            raise TargetFailed(told, hung=True) from None
        if done.returncode:
            raise TargetFailed(f"hooks.{self.name}: {words[0]} ended with {done.returncode}")
        return Said(done.stdout)


@contextmanager
def named(hook: str) -> Iterator[None]:
    """Have every failure of a request name the hook that it is for."""
    try:
        yield
    except TargetFailed as error:
        raise TargetFailed(f"hooks.{hook}: {error}", hung=error.hung) from None
