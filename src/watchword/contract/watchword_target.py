"""Another Watchword as the server that is tested: what a bindings file says is asked of its control API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import orjson

from watchword.contract.driver import Ability, Mail, Persona, Reply, Request, TargetFailed
from watchword.contract.subject import Subject
from watchword.contract.wire import Wire, send_at_once
from watchword.domain.clock import system_time
from watchword.system.seed_data import Person

_FREEZE = {"action": "freeze"}
_REALM = 'realm="watchword"'
T = TypeVar("T")


class Refused(TargetFailed):
    """The control API does not do what it was asked for, and has changed nothing."""


class Kind(StrEnum):
    """What a server says that it is."""

    OPEN = "open"
    GUARDED = "guarded"
    """A Watchword with an admin token."""
    FOREIGN = "foreign"


def recognise(wire: Wire) -> Kind:
    """
    Ask a server whether it is a Watchword, without telling it anything.

    Raises:
        TargetFailed: There is no answer.
    """
    reply = wire.send("GET", "/__admin/version", {"Accept": "application/json"}, b"")
    told = reply.body if isinstance(reply.body, dict) else {}
    if reply.status == 200 and told.get("name") == "watchword":
        return Kind.OPEN
    asks_for_token = reply.status == 401 and told.get("code") == "token-required"
    if asks_for_token and _REALM in reply.headers.get("www-authenticate", ""):
        return Kind.GUARDED
    return Kind.FOREIGN


@dataclass
class WatchwordTarget:
    """
    A sandbox of its own in another Watchword; its clock stands unless it is moved.

    Args:
        token: Of ``--admin-token``; None without one.
    """

    wire: Wire
    sandbox: str
    subject: Subject
    token: str | None = field(default=None, repr=False)
    precision: timedelta = timedelta(milliseconds=1)
    skew: timedelta = timedelta()
    failed_log_ins: int = 1_000_000
    code: str | None = None
    lacks: frozenset[str] = frozenset()
    personas: Mapping[str, Persona] = field(init=False)

    def __post_init__(self) -> None:
        self.personas = self.ask("/people", lambda told: self.subject.cast(map(_person, told["people"])))

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can be made to do: everything."""
        return frozenset(Ability)

    @property
    def shown_headers(self) -> Mapping[str, str]:
        """What names the sandbox."""
        return {"Watchword-Sandbox": self.sandbox}

    def reach(self) -> None:
        """Find out whether anybody is there."""
        self.wire.reach()

    def begin(self) -> None:
        """Put the sandbox back to the seed data, and stop its clock."""
        self.control("POST", "/reset")
        self.control("PUT", "/clock", _FREEZE)

    def send(self, request: Request) -> Reply:
        """Send a request."""
        return self.wire.carry(replace(request, headers={**request.headers, **self.shown_headers}))

    def send_at_once(self, requests: Sequence[Request]) -> Sequence[Reply]:
        """Send requests at once, each on a connection of its own."""
        headed = [replace(one, headers={**one.headers, **self.shown_headers}) for one in requests]
        return send_at_once(self.wire.url, headed)

    def now(self) -> datetime:
        """Read the sandbox's clock."""
        return self.ask("/clock", lambda told: datetime.fromisoformat(told["now"]))

    def client_time(self) -> datetime:
        """Tell the real time: clients know nothing of the sandbox's clock."""
        return system_time()

    def advance(self, by: timedelta) -> None:
        """Move the sandbox's clock."""
        self.control("PUT", "/clock", {"action": "advance", "by": f"PT{by.total_seconds():.3f}S"})

    def tune(self, settings: Mapping[str, Any]) -> None:
        """Change the settings of the system."""
        self.control("PATCH", "/settings", {self.subject.system: settings})

    def mails(self) -> Sequence[Mail]:
        """List what was sent, oldest first."""
        return self.ask("/inbox", lambda told: [_mail(one) for one in reversed(told["messages"])])

    def close(self) -> None:
        """Remove the sandbox, and end the connection."""
        try:
            self.control("DELETE", f"/sandboxes/{self.sandbox}")
        finally:
            self.wire.close()

    def ask(self, path: str, read: Callable[[Any], T]) -> T:
        """
        Ask the control API about the sandbox.

        Args:
            path: As of `control`.
            read: Makes something of the answer; another release can answer in another form.

        Raises:
            TargetFailed: It does not answer, or nothing can be made of its answer.
        """
        told = self.control("GET", path)
        try:
            return read(told)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise TargetFailed(
                f"{self.wire.url} is a Watchword of another release: it answers GET /__admin{path} in a form that this"
                " one does not know: use the same release"
            ) from None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """
        Call the control API, for the sandbox.

        Args:
            path: With its query, below ``/__admin``.

        Raises:
            Refused: It does not do what was asked.
            TargetFailed: It cannot be reached, or has failed.
        """
        headers = {"Watchword-Sandbox": self.sandbox, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = b"" if body is None else orjson.dumps(body)
        if sent:
            headers["Content-Type"] = "application/json"
        reply = self.wire.send(method, f"/__admin{path}", headers, sent)
        if not 200 <= reply.status < 300:
            failed = Refused if 400 <= reply.status < 500 else TargetFailed
            raise failed(f"{self.wire.url} is a Watchword, but {method} /__admin{path} was answered {reply.status}")
        return reply.body


def _mail(told: Mapping[str, Any]) -> Mail:
    return Mail(told["to"], told["subject"], tuple(told["codes"]), tuple(told["links"]), told["text"])


def _person(told: Mapping[str, Any]) -> Person:
    """Read a person as the control API tells it, as far as a cast is about that."""
    names = ("system", "name", "why", "id", "login", "password", "headers", "credentials", "group")
    return Person(**{name: told[name] for name in names})
