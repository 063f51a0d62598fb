"""While a request is handled, neither an object of ours nor the log shows what its client sent."""

import asyncio
import gc
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.conftest import START, Api, People, Response
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.sandbox import Sandbox

SENT = "Canary-river-42!"
"""Stands in the body, in headers and in the query."""
LIBRARY_MESSAGES = "watchword.systems.zitadel.rpc.generated"
"""Generated classes of a library that show their fields; nothing of ours holds one longer than its translation."""
NEW_PASSWORD = {"newPassword": {"password": SENT}}
OLD_AND_NEW = {"oldPassword": {"value": SENT}, "newPassword": {"value": SENT}}
TO_TOKENISE = {"values": {"password": {"value": SENT, "field": "PASSWORD"}}}


def ours() -> Iterator[object]:
    """List every object of a class of ours."""
    for one in gc.get_objects():
        module = str(type(one).__module__)
        if module.startswith("watchword.") and not module.startswith(LIBRARY_MESSAGES):
            yield one


@pytest.fixture(scope="module")
def elsewhere() -> Mapping[int, object]:
    """What belongs to the servers of other tests, by its id; a whole run has so much that it takes minutes to show."""
    return {id(one): one for one in ours()}


@pytest.fixture(scope="module")
def own(elsewhere: Mapping[int, object]) -> Built:
    """A server of which every object is looked at."""
    assert elsewhere is not None  # it is listed before this server is there
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, record_rules=True))


@pytest.fixture
def client(own: Built, runner: asyncio.Runner) -> Api:
    """A client of that server with a fresh sandbox."""
    own.imitated.sandboxes.drop("hidden")
    return Api(own, runner, "hidden")


class Watch:
    """Looks at every object of this server when a rule is asked, in the middle of a request, and fails like a bug."""

    def __init__(self, sandbox: Sandbox, rule: str, elsewhere: Mapping[int, object]) -> None:
        self.shown: list[str] = []
        self._elsewhere = elsewhere
        sandbox.rules.alter(rule, self._look)

    def _look(self, *_values: Any, **_named: Any) -> None:
        self.shown.extend(repr(one) for one in ours() if id(one) not in self._elsewhere)
        raise ValueError(SENT)

    def check(self, answer: Response, operation: str, log: str) -> None:
        """Check that the request was seen, and nothing of it was shown, in the log neither."""
        assert answer.status == 500
        assert any(one.startswith("<Exchange: ") and operation in one for one in self.shown)
        assert any(one.startswith("<Call: ") and operation in one for one in self.shown)
        assert not [one for one in self.shown if SENT in one]
        assert log
        assert SENT not in log


@pytest.mark.parametrize(
    ("operation", "who", "body", "rule"),
    [
        ("weavr_multi.update_password", "ada", OLD_AND_NEW, "weavr.key.known"),
        ("weavr_multi.update_password", "ada", OLD_AND_NEW, "weavr.update.old-password"),
        ("weavr_multi.simulate_tokenise", "ada", TO_TOKENISE, "weavr.token.minted"),
        ("weavr_payment_run.validate_password", "bruno", {"password": {"value": SENT}}, "weavr.password.length"),
        ("zitadel.set_password", "otto", NEW_PASSWORD, "zitadel.auth.bearer"),
        ("zitadel.set_password", "otto", NEW_PASSWORD, "zitadel.policy.order"),
        ("zitadel.create_session", "otto", {"checks": {"password": {"password": SENT}}}, "zitadel.session.password"),
        ("entrust.set_password", "ada", {"password": SENT}, "entrust.policy.length"),
        ("entrust.validate_password", "ada", {"password": SENT}, "entrust.policy.length"),
    ],
)
def test_nothing_shows_what_was_sent(
    own: Built,
    client: Api,
    people: People,
    caplog: pytest.LogCaptureFixture,
    elsewhere: Mapping[int, object],
    *,
    operation: str,
    who: str,
    body: Any,
    rule: str,
) -> None:
    watch = Watch(own.imitated.sandboxes.enter("hidden"), rule, elsewhere)
    person = people[operation.partition(".")[0], who]
    headers = {**person.headers, "host": SENT, "x-other": SENT}
    path = {"userId": person.id, "userid": person.id}
    answer = client.call(operation, path=path, query={"other": SENT}, headers=headers, body=body)
    watch.check(answer, operation, caplog.text)


def test_nothing_shows_what_was_sent_over_connect(
    own: Built,
    client: Api,
    people: People,
    caplog: pytest.LogCaptureFixture,
    elsewhere: Mapping[int, object],
) -> None:
    watch = Watch(own.imitated.sandboxes.enter("hidden"), "zitadel.policy.order", elsewhere)
    otto = people["zitadel", "otto"]
    answer = client.request(
        "POST",
        "/zitadel.user.v2.UserService/SetPassword",
        json={"userId": otto.id, **NEW_PASSWORD},
        headers={**otto.headers, "host": SENT, "x-other": SENT},
    )
    watch.check(answer, "zitadel.set_password", caplog.text)
