"""A client whose requests go through a proxy with a shadow, as the server of scenarios."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from watchword.contract.bindings import Bindings
from watchword.contract.driver import Reply, Request, read_json
from watchword.contract.http_target import HttpTarget
from watchword.contract.subjects import SUBJECTS
from watchword.domain.clock import start_timer
from watchword.journal.findings import Finding, Kind
from watchword.proxy.shadow.player import Compared
from watchword.proxy.shadow.shadow import Shadow
from watchword.review.decided import decided

if TYPE_CHECKING:
    from tests.proxy.conftest import NewProxy, Proxied


class Through(HttpTarget):
    """
    The server behind a proxy: requests go through the proxy, hooks do not.

    Attributes:
        passed: How much time has passed, by the clock that the hooks have moved.
        late: How much more time passes than it is told, so that nothing is asked in the moment of a deadline.
        compared: What became of the requests.
    """

    proxied: "Proxied"
    shadow: Shadow
    compared: Compared
    passed = timedelta()
    late = timedelta()

    def begin(self) -> None:
        """Begin anew, and the shadow with it."""
        super().begin()
        self.passed = timedelta()
        self.shadow.begin_again().result()

    def send(self, request: Request) -> Reply:
        """Send a request through the proxy."""
        sent = {name: value.encode("latin-1") for name, value in request.headers.items()}
        answer = self.proxied.request(request.method, request.path, headers=sent, content=request.body)
        headers = {name.lower(): value for name, value in answer.headers.items() if name != "sl-violations"}
        return Reply(answer.status_code, headers, answer.content, read_json(answer.content))

    def advance(self, by: timedelta) -> None:
        """Move the clock of the server, and the time that the shadow measures."""
        super().advance(by + self.late)
        self.passed += by + self.late

    @property
    def found(self) -> Sequence[Finding]:
        """In what the server was said to behave otherwise."""
        return [one for one in self.proxied.record.tally.findings if one.kind is Kind.BEHAVIOUR]


@contextmanager
def shadowing(put: "NewProxy", system: str, url: str, bindings: Bindings, **more: Any) -> Iterator[Through]:
    """Put a proxy with a shadow before the server at *url*."""
    behind = bindings.target(url)
    made: Mapping[str, Any] = {one.name: getattr(behind, one.name) for one in fields(HttpTarget) if one.init}
    client, real = Through(**made), start_timer()
    shadow = Shadow(
        SUBJECTS[system],
        bindings,
        url,
        decided_by=decided(),
        today=date(2026, 1, 15),
        elapsed=lambda: real() + client.passed,
    )
    client.compared = shadow.open()
    client.shadow, client.proxied = shadow, put(url, system, shadow=shadow, **more)
    try:
        yield client
    finally:
        shadow.close()
        client.close()
