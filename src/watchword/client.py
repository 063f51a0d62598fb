"""
A client of the control API, for tests and scripts in Python: needs nothing but the standard library.

    box = Watchword("http://127.0.0.1:7070").sandbox("my test")
    ada = box.person("weavr_multi")
    mail = box.inbox.wait(to=ada.login)
"""

import hashlib
import json
import re
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

DEFAULT_URL: Final = "http://127.0.0.1:7070"
_NAME_CHARACTERS, _HASH_CHARACTERS = 64, 11
_PATIENCE_SECONDS = 40.0
"""Longer than the longest wait that the control API allows."""
Json = Mapping[str, Any]


class WatchwordError(Exception):
    """
    What the control API refuses, what does not come in time, or a server that does not answer.

    Args:
        code: What is wrong, in one word that programs can compare.
        status: Of the answer; 0 if there was none.
        problem: The problem details (RFC 9457) of the answer.
    """

    def __init__(self, message: str, code: str, status: int = 0, problem: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.status, self.problem = code, status, dict(problem or {})


@dataclass(frozen=True)
class Person:
    """
    Somebody of an imitated system.

    Args:
        password: None if there is none, or one that is not that of the seed data.
        headers: Ready to send; without the header that names the sandbox.
        situations: What is true of the person, such as ``locked``.
        state: How the person is now: until when locked, tries left, codes, tokens.
    """

    system: str
    name: str
    id: str
    login: str
    password: str | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    situations: tuple[str, ...]
    credentials: Json = field(repr=False)
    state: Json = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """
    A message that was sent.

    Args:
        channel: ``mail`` or ``text-message``.
        codes: What a person would copy out of it.
        links: What a person would click.
    """

    id: int
    system: str
    channel: str
    to: str
    subject: str
    text: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    links: tuple[str, ...] = field(repr=False)
    sent_at: str


@dataclass(frozen=True)
class Entry:
    """
    A request of the journal; nothing in it is a secret.

    Args:
        status: Of the answer; 0 if there was none.
        decided_by: The kind and id of what decided the answer.
        all: The entry as the control API writes it.
    """

    id: str
    method: str
    url: str
    status: int
    operation: str | None
    outcome: str | None
    code: str | None
    people: tuple[str, ...]
    violations: tuple[Json, ...]
    decided_by: Json | None
    all: Json = field(repr=False)


def sandbox_name(test: str) -> str:
    """Name a sandbox after a test: readable, different for every test, at most 64 characters."""
    digest = hashlib.sha256(test.encode()).hexdigest()[: _HASH_CHARACTERS - 1]
    slug = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[-(_NAME_CHARACTERS - _HASH_CHARACTERS) :].strip("-")
    return f"{slug}-{digest}" if slug else digest


class Watchword:
    """
    A running server.

    Args:
        url: Its address.
        token: The admin token, if the server has one.
    """

    def __init__(self, url: str = DEFAULT_URL, *, token: str | None = None) -> None:
        self.url, self._token = url.rstrip("/"), token
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of a server begins with http:// or https://")
        self._parts = parts
        self._connections = threading.local()
        self._opened: list[HTTPConnection] = []
        weakref.finalize(self, _close_all, self._opened)

    def __repr__(self) -> str:
        return f"Watchword({self.url!r})"

    def close(self) -> None:
        """Close the connections; the next call opens one again."""
        _close_all(self._opened)

    def sandbox(self, test: str) -> "Sandbox":
        """
        Make the sandbox of a test, fresh even if the test has run before.

        Args:
            test: What is unique for the test, such as its file and its name.
        """
        made = Sandbox(self, sandbox_name(test))
        made.drop()
        return made

    def coverage(self, form: str = "json", *, sandbox: str = "", operations: str = "") -> Any:
        """
        Report what requests have reached.

        Args:
            form: ``json``, which gives an object; ``md``, ``html`` and ``text`` give texts.
            sandbox: Only requests of this one, or of those that fit a pattern with stars.
            operations: Ids or patterns with stars, with commas between them.
        """
        query = {"format": form, "sandbox": sandbox, "operations": operations}
        return self.ask("GET", "/coverage", query=query)

    def ask(
        self, method: str, path: str, *, query: Json | None = None, body: Any = None, sandbox: str | None = None
    ) -> Any:
        """
        Call the control API.

        Args:
            path: Below ``/__admin``.
            query: Empty values are left out.
            sandbox: None for the one called ``default``.

        Returns:
            JSON types, or a text if the answer is none; None without a body.

        Raises:
            WatchwordError: It refuses, or does not answer.
        """
        wanted = urlencode({name: _text(value) for name, value in (query or {}).items() if value not in ("", None)})
        target = f"{self._parts.path}/__admin{path}{'?' if wanted else ''}{wanted}"
        headers = {} if body is None else {"Content-Type": "application/json"}
        if sandbox is not None:
            headers["Watchword-Sandbox"] = sandbox
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        status, kind, content = self._send(method, target, None if body is None else json.dumps(body), headers)
        answer = json.loads(content) if content and "json" in kind else content.decode() or None
        if status >= 400:
            problem = answer if isinstance(answer, dict) else {}
            detail = problem.get("detail", f"{method} /__admin{path} was answered with {status}")
            raise WatchwordError(detail, problem.get("code", "unknown"), status, problem)
        return answer

    def _send(self, method: str, target: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Send a request, again on a new connection if the server has closed the one that was open."""
        connection = getattr(self._connections, "open", None)
        if connection is None:
            connection = self._connections.open = self._connect()
            self._opened.append(connection)
        for again in (connection.sock is not None, False):
            try:
                connection.request(method, target, body, dict(headers))
                answer = connection.getresponse()
                return answer.status, answer.headers.get("Content-Type", ""), answer.read()
            except (OSError, HTTPException) as error:
                connection.close()
                if not again:
                    sentence = f"{self.url} does not answer ({error}). Is it a running 'watchword serve'?"
                    raise WatchwordError(sentence, "no-answer") from None
        raise AssertionError("the second attempt returns or raises")

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=_PATIENCE_SECONDS)


class Sandbox:
    """
    The world of one test: its people, mails, clock, faults, settings and requests.

    Attributes:
        url: The address with the path prefix of the sandbox.
        headers: The header that names the sandbox, for requests to the server's own address.
    """

    def __init__(self, server: Watchword, name: str) -> None:
        self.server, self.name = server, name
        self.url = f"{server.url}/~{name}"
        self.headers = {"Watchword-Sandbox": name}
        self.clock, self.inbox, self.faults = Clock(self), Inbox(self), Faults(self)
        self.settings, self.journal = Settings(self), Journal(self)

    def __repr__(self) -> str:
        return f"Sandbox({self.name!r})"

    def ask(self, method: str, path: str, *, query: Json | None = None, body: Any = None) -> Any:
        """Call the control API in this sandbox, as `Watchword.ask` does."""
        return self.server.ask(method, path, query=query, body=body, sandbox=self.name)

    @property
    def people(self) -> list[Person]:
        """Everybody, as they are now."""
        return [_person(one) for one in self.ask("GET", "/people")["people"]]

    def person(self, system: str, *situations: str) -> Person:
        """
        Find somebody in all of these situations, and in as few others as possible.

        Raises:
            LookupError: There is nobody; `make_person` makes somebody.
        """
        found = [_person(one) for one in self.ask("GET", "/people", query={"system": system})["people"]]
        fitting = [one for one in found if set(situations) <= set(one.situations)]
        if not fitting:
            known = sorted({situation for one in found for situation in one.situations})
            wanted = " and ".join(situations) or "any situation"
            raise LookupError(f"{system} has nobody in {wanted}. There are: {', '.join(known)}.")
        return min(fitting, key=lambda one: len(one.situations))

    def person_named(self, system: str, name: str) -> Person:
        """Look at the person with a name."""
        return _person(self.ask("GET", _path("people", system, name)))

    def make_person(self, system: str, **wish: Any) -> Person:
        """
        Make a person by the rules of the system.

        Args:
            wish: ``name``, ``like``, ``login``, ``password``, ``situations``, ``programme``, ``organisation``.
        """
        return _person(self.ask("POST", "/people", body={"system": system, **wish}))

    def change_person(self, person: Person, **change: Any) -> Person:
        """Give a person another ``login``, ``password`` or other ``situations``."""
        return _person(self.ask("PATCH", _path("people", person.system, person.name), body=change))

    def agenda(self) -> list[Json]:
        """List what is going to happen by itself, soonest first."""
        found: list[Json] = self.ask("GET", "/agenda")["events"]
        return found

    def findings(self) -> list[dict[str, Any]]:
        """List what a gate may forbid, such as fields that the document does not declare."""
        found: list[dict[str, Any]] = self.ask("GET", "/findings")["findings"]
        return found

    def verify(self, **expected: Any) -> int:
        """
        Count the requests that are as expected.

        Args:
            expected: ``operation``, ``request``, ``person``, ``status``, ``body`` (a part of it), ``count``
                (a number, or ``{"atLeast": …, "atMost": …}``; 1 if it is left out).

        Raises:
            AssertionError: There are not so many; the message has the nearest ones.
        """
        try:
            count: int = self.ask("POST", "/verify", body=expected)["count"]
        except WatchwordError as error:
            if error.code != "not-verified":
                raise
            near = [self._miss(one) for one in error.problem["nearest"]]
            raise AssertionError("\n".join([str(error), *near])) from None
        return count

    def reset(self) -> None:
        """Put everything back to the seed data."""
        self.ask("POST", "/reset")

    def drop(self) -> None:
        """Remove the sandbox, if it is there; what its requests reached stays counted."""
        try:
            self.server.ask("DELETE", f"/sandboxes/{self.name}")
        except WatchwordError as error:
            if error.code != "no-such-sandbox":
                raise

    def _miss(self, near: Json) -> str:
        entry = self.journal.entry(near["id"])
        return f"  nearest: {entry.method} {entry.url} {entry.status}: {'; '.join(near['differences'])}"


class Clock:
    """The time of a sandbox; every method tells what it shows then, in ISO 8601."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> str:
        """Read it."""
        return str(self._sandbox.ask("GET", "/clock")["now"])

    def freeze(self, to: str | None = None) -> str:
        """Stop it, now or at a moment."""
        return self._do(action="freeze", to=to)

    def unfreeze(self) -> str:
        """Let it run on."""
        return self._do(action="unfreeze")

    def set(self, to: str) -> str:
        """Move it to a moment."""
        return self._do(action="set", to=to)

    def advance(self, by: str) -> str:
        """Move it by a duration, such as ``PT61M`` or ``61m``."""
        return self._do(action="advance", by=by)

    def advance_to_next(self) -> str:
        """Move it to the first instant at which an answer differs."""
        return self._do(action="advance", to="next")

    def reset(self) -> str:
        """Let it show the real time again."""
        return self._do(action="reset")

    def _do(self, **change: Any) -> str:
        body = {name: value for name, value in change.items() if value is not None}
        return str(self._sandbox.ask("PUT", "/clock", body=body)["now"])


class Inbox:
    """The mails and text messages of a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def all(self, *, to: str | None = None) -> list[Mail]:
        """List them, newest first."""
        return [_mail(one) for one in self._sandbox.ask("GET", "/inbox", query={"to": to})["messages"]]

    def wait(self, *, to: str | None = None, after: Mail | None = None, seconds: float = 5.0) -> Mail:
        """
        Give the newest mail; if there is none, wait for one.

        Args:
            after: Only mails that came after this one.

        Raises:
            WatchwordError: None came in time (``no-mail``).
        """
        since = None if after is None else after.id
        query = {"to": to, "since": since, "wait": f"{round(seconds * 1000)}ms"}
        found = self._sandbox.ask("GET", "/inbox", query=query)["messages"]
        if not found:
            raise WatchwordError(f"No mail to {to or 'anybody'} came within {seconds:g} seconds.", "no-mail")
        return _mail(found[0])

    def clear(self) -> None:
        """Remove them."""
        self._sandbox.ask("DELETE", "/inbox")


class Faults:
    """What goes wrong in a sandbox on purpose."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def add(self, fault: Json, *, match: Json | None = None, **more: Any) -> str:
        """
        Arm a fault.

        Args:
            fault: One of ``answer``, ``delay``, ``connection``, ``rpc``, as the control API has them.
            match: ``operation``, ``system``, ``path``, ``person``; everything without it.
            more: ``times``, ``after``, ``probability``, ``when``.

        Returns:
            Its id.
        """
        return str(self._sandbox.ask("POST", "/faults", body={"match": match or {}, "fault": fault, **more})["id"])

    def all(self) -> list[Json]:
        """List those that are armed, with how often they hit."""
        found: list[Json] = self._sandbox.ask("GET", "/faults")["faults"]
        return found

    def clear(self) -> None:
        """Disarm them."""
        self._sandbox.ask("DELETE", "/faults")


class Settings:
    """The settings of a sandbox, by system."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def get(self, system: str) -> Json:
        """Read those of a system."""
        found: Json = self._sandbox.ask("GET", "/settings")[system]
        return found

    def patch(self, system: str, change: Json) -> None:
        """Change some of them: what *change* does not name stays."""
        self._sandbox.ask("PATCH", "/settings", body={system: change})


class Journal(Sequence[Entry]):
    """The requests of a sandbox, newest first; read anew whenever it is looked at."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def find(self, **wanted: Any) -> list[Entry]:
        """
        Find entries.

        Args:
            wanted: As in the query of ``/__admin/journal``: ``operation``, ``status``, ``code``, ``person``, ``limit``…
        """
        return [_entry(one) for one in self._sandbox.ask("GET", "/journal", query=wanted)["entries"]]

    def entry(self, identifier: str) -> Entry:
        """Read one, by its id."""
        return _entry(self._sandbox.ask("GET", _path("journal", identifier)))

    def explain(self, entry: Entry) -> Json:
        """Say why it was answered so: ``sentence``, ``rule``, ``values``."""
        found: Json = self._sandbox.ask("GET", _path("journal", entry.id, "explain"))
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.find(limit=1000))

    def __len__(self) -> int:
        return int(self._sandbox.ask("GET", "/journal", query={"limit": 1})["total"])

    def __getitem__(self, place: Any) -> Any:
        return self.find(limit=1000)[place]


def _close_all(connections: list[HTTPConnection]) -> None:
    for one in connections:
        one.close()


def _path(*steps: str) -> str:
    return "".join(f"/{quote(step, safe='')}" for step in steps)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _person(one: Json) -> Person:
    return Person(
        one["system"],
        one["name"],
        one["id"],
        one["login"],
        one["password"],
        one["headers"],
        tuple(one["situations"]),
        one["credentials"],
        one["state"],
    )


def _mail(one: Json) -> Mail:
    texts = (one["channel"], one["to"], one["subject"], one["text"])
    return Mail(one["id"], one["system"], *texts, tuple(one["codes"]), tuple(one["links"]), one["sentAt"])


def _entry(one: Json) -> Entry:
    return Entry(
        one["id"],
        one["request"]["method"],
        one["request"]["url"],
        one["response"]["status"],
        one["operation"],
        one["outcome"],
        one["code"],
        tuple(one["people"]),
        tuple(one["violations"]),
        one["decidedBy"],
        one,
    )
