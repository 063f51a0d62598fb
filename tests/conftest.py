"""A server in process, one sandbox per test, a clock that stands still, and every answer audited."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson
import pytest

from tests import proofs
from tests.outcomes import NO_BODY
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.domain.outbox import Message
from watchword.edge.exchange import Exchange
from watchword.sandbox import Sandbox
from watchword.store.records import Document, RecordType
from watchword.system import Answer
from watchword.system.seed_data import Person


@pytest.fixture(scope="session", autouse=True)
def _documents_say_what_values_are() -> Iterator[None]:
    """What is read is the value that was put; so of every value that is put, its document has to say the same."""
    to_document = RecordType.to_document

    def checked(kind: RecordType[Any], value: Any) -> Document:
        document = to_document(kind, value)
        assert kind.adapter.validate_python(dict(document)) == value, f"{kind.table}: its document is another value"
        return document

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RecordType, "to_document", checked)
        yield


START = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Response:
    """What a client sees."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)


@dataclass
class Observed:
    """An observer: every exchange with a system since it was last emptied."""

    seen: list[tuple[Exchange, Answer, Sequence[str]]] = field(default_factory=list)

    def __call__(self, exchange: Exchange, answer: Answer, violations: Sequence[str]) -> None:
        if exchange.system is not None:
            self.seen.append((exchange, answer, violations))


class Api:
    """
    A client of the server in process.

    Args:
        sandbox: The name that is sent with every request; None for none.
    """

    def __init__(self, built: Built, runner: asyncio.Runner, sandbox: str | None) -> None:
        self.built, self.runner, self.sandbox = built, runner, sandbox

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call an operation of the document by its id."""
        served_api = self.built.admin if operation.startswith("admin.") else self.built.imitated
        assert served_api is not None
        described = served_api.document.operations[operation]
        url = described.path
        for name, value in (path or {}).items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        if query:
            url = f"{url}?{urlencode(query)}"
        return self.request(described.method, url, json=body, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request."""
        return self.runner.run(self.arequest(method, url, json=json, content=content, headers=headers))

    async def arequest(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request from inside the event loop, for many at once."""
        body = content if content is not None else b"" if json is None else orjson.dumps(json)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if json is not None:
            sent.setdefault("content-type", "application/json")
        if self.sandbox is not None:
            sent.setdefault("watchword-sandbox", self.sandbox)
        sent.setdefault("content-length", str(len(body)))
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 7070),
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.built.app(scope, receive, send)
        raw = b"".join(message.get("body", b"") for message in messages)
        answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in messages[0]["headers"]}
        is_json = "json" in answered.get("content-type", "")
        return Response(messages[0]["status"], orjson.loads(raw) if raw and is_json else None, answered, raw)


class People(Mapping[tuple[str, str], Person]):
    """The seed people by system and name."""

    def __init__(self, people: list[Person]) -> None:
        self._people = {(one.system, one.name): one for one in people}

    def __getitem__(self, key: tuple[str, str]) -> Person:
        return self._people[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


class ManualClock:
    """The clock of one sandbox; it moves when it is told to."""

    def __init__(self, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        """Tell the sandbox's time."""
        return self._sandbox().clock.now()

    def advance(self, by: timedelta) -> None:
        """Move it."""
        self._sandbox().clock.advance(by)


class Inbox:
    """The mails of one sandbox."""

    def __init__(self, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox

    def all(self, *, to: str | None = None) -> list[Message]:
        """List messages, newest first."""
        return self._sandbox().mailbox.find(to=to)

    def latest(self, *, to: str) -> Message:
        """Give the newest message to somebody."""
        found = self.all(to=to)
        assert found, f"nothing was sent to {to}"
        return found[0]


class SettingsOf:
    """The settings of one sandbox."""

    def __init__(self, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox

    def patch(self, system: str, change: Mapping[str, Any]) -> None:
        """Merge *change* into a system's settings."""
        self._sandbox().change_settings({system: change})


@pytest.fixture(scope="session")
def observed() -> Observed:
    """See what the server answers."""
    return Observed()


@pytest.fixture(scope="session")
def built(observed: Observed) -> Built:
    """The whole server, once; its clocks stand at START unless they are moved."""
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, observers=(observed,), record_rules=True))


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all tests."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def api(request: pytest.FixtureRequest, built: Built, runner: asyncio.Runner, observed: Observed) -> Iterator[Api]:
    """A client with a fresh sandbox; afterwards no answer may have differed from the document."""
    name = f"test-{next(_numbers)}"
    observed.seen.clear()
    for rule in proofs.switched_off:
        built.imitated.sandboxes.enter(name).rules.switch_off(rule)
    yield Api(built, runner, name)
    reached = list(observed.seen)
    observed.seen.clear()
    built.imitated.sandboxes.drop(name)
    _check_orders([exchange for exchange, _, _ in reached], built)
    differing = [violation for _, _, violations in reached for violation in violations]
    assert not differing, "answers differ from the document"
    for mark in request.node.iter_markers("outcome"):
        _kept(mark.args, [one for one in reached if not one[0].protocol], built)
    for mark in request.node.iter_markers("called"):
        *promise, protocol = mark.args
        _kept((promise[0], promise[1], promise[2]), [one for one in reached if one[0].protocol == protocol], built)


def _check_orders(exchanges: list[Exchange], built: Built) -> None:
    """Whatever a test does, rules are asked in the order that their system promises."""
    for exchange in exchanges:
        if exchange.record is None or exchange.operation is None or exchange.api is not built.imitated:
            continue
        asked = [one.rule.id for one in exchange.record.asked]
        system, _, name = exchange.operation.id.partition(".")
        for order in built.imitated.systems[system].orders:
            if order.operation == name:
                assert not order.misplaced(asked), f"{exchange.operation.id} asks rules in another order: {asked}"


def _kept(promise: tuple[str, int, str], reached: list[tuple[Exchange, Answer, Sequence[str]]], built: Built) -> None:
    identifier, status, name = promise
    served_api = built.admin if identifier.startswith("admin.") else built.imitated
    assert served_api is not None
    operation = served_api.document.operations[identifier]
    shape = operation.responses[str(status)]
    system = served_api.systems[operation.system]
    if name == NO_BODY:
        assert not shape.examples, f"{identifier} {status} has named examples: {list(shape.examples)}"
        wanted: frozenset[str] = frozenset()
    else:
        wanted = system.code_of(status, shape.examples[name])
    got = [
        system.code_of(answer.status, answer.body)
        for exchange, answer, _ in reached
        if exchange.operation is not None and exchange.operation.id == identifier and answer.status == status
    ]
    assert any(wanted <= codes for codes in got), f"{identifier} never answered {status} {name} in this test"


@pytest.fixture
def sandbox(api: Api, built: Built) -> Callable[[], Sandbox]:
    """Find the test's sandbox, which a reset may have replaced."""
    name = api.sandbox
    assert name is not None
    return lambda: built.imitated.sandboxes.enter(name)


@pytest.fixture
def clock(sandbox: Callable[[], Sandbox]) -> ManualClock:
    """The sandbox's clock."""
    return ManualClock(sandbox)


@pytest.fixture
def inbox(sandbox: Callable[[], Sandbox]) -> Inbox:
    """The sandbox's mails."""
    return Inbox(sandbox)


@pytest.fixture
def settings(sandbox: Callable[[], Sandbox]) -> SettingsOf:
    """The sandbox's settings."""
    return SettingsOf(sandbox)


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Let a test set up logging, and undo it."""
    loggers = [logging.getLogger(name) for name in (None, "watchword")]
    before = [(one.handlers[:], one.level) for one in loggers]
    yield
    for one, (handlers, level) in zip(loggers, before, strict=True):
        one.handlers[:] = handlers
        one.setLevel(level)


@pytest.fixture(scope="session")
def people(built: Built) -> People:
    """The seed people."""
    return People(built.imitated.sandboxes.people())


def pytest_configure(config: pytest.Config) -> None:
    """Name our markers."""
    config.addinivalue_line("markers", "outcome(operation, status, name): the test reaches this documented outcome")
    config.addinivalue_line("markers", "called(operation, status, name, protocol): the same over another protocol")
    config.addinivalue_line("markers", "proves(*rules): the test proves these rules")
