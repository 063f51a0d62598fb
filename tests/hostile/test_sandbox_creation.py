"""A request that is refused makes no sandbox, over any protocol; one that is answered does."""

from itertools import count

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.frames import greedy
from tests.hostile.targets import JSON
from tests.hostile.wire import whole

_numbers = count()
EVIL = ("Origin", "https://evil.example")
Headers = tuple[tuple[str, str], ...]
REFUSED = [
    pytest.param("GET", "/nothing/here", (), None, id="an unknown path"),
    pytest.param("GET", "/nothing/here", (EVIL,), None, id="an unknown path, a foreign origin"),
    pytest.param("PATCH", "/multi/passwords/update", (), None, id="a wrong method"),
    pytest.param("POST", "/multi/passwords/update", (EVIL, JSON), b"{}", id="no credentials"),
    pytest.param("POST", "/multi/passwords/update", (JSON,), b"{", id="no JSON"),
    pytest.param("POST", "/v2/sessions", (EVIL,), b"{}", id="no token"),
    pytest.param("GET", "/__admin/clock", (EVIL,), None, id="a control call of a foreign origin"),
    pytest.param("GET", "/__admin/nothing", (), None, id="an unknown control call"),
    pytest.param("PUT", "/__admin/clock", (JSON,), b"{}", id="a malformed control call"),
    pytest.param("PUT", "/__admin/clock", (JSON,), b'{"action":"advance","by":"P99999Y"}', id="a refused control call"),
    pytest.param("PUT", "/__admin/settings", (JSON,), b'{"nothing":{}}', id="settings of an unknown system"),
    pytest.param("GET", "/__admin/inbox/77", (), None, id="a message that does not exist"),
]


def sandboxes(victim: Victim) -> set[str]:
    return {one["name"] for one in victim.ask(whole("GET", "/__admin/sandboxes")).json["sandboxes"]}


@pytest.mark.parametrize(("method", "path", "headers", "body"), REFUSED)
def test_a_refused_request_makes_no_sandbox(
    victim: Victim, method: str, path: str, headers: Headers, body: bytes | None
) -> None:
    one, other = f"fill{next(_numbers)}", f"fill{next(_numbers)}"
    for request in (
        whole(method, f"/~{one}{path}", headers, body),
        whole(method, path, [*headers, ("Watchword-Sandbox", other)], body),
    ):
        assert 400 <= victim.ask(request).status < 500
    assert sandboxes(victim).isdisjoint({one, other})


def test_a_page_makes_no_sandbox(victim: Victim) -> None:
    for path in ("/", "/docs", "/openapi.json"):
        assert victim.ask(whole("GET", f"/~paged{path}")).status in (200, 302)
    assert "paged" not in sandboxes(victim)


@pytest.mark.parametrize("kind", ["application/grpc", "application/grpc-web+proto", "application/json"])
def test_a_refused_call_makes_no_sandbox(victim: Victim, kind: str) -> None:
    with greedy(victim.port) as client:
        headers = {"content-type": kind, "te": "trailers"}
        client.ask("/~called/zitadel.user.v2.UserService/SetPassword", "POST", headers=headers)
        client.flush()
        client.answers(1)
    assert "called" not in sandboxes(victim)


@pytest.mark.parametrize("path", ["/__admin/clock", "/__admin/people", "/.well-known/openid-configuration"])
def test_a_request_that_is_answered_makes_one(victim: Victim, path: str) -> None:
    name = f"used{next(_numbers)}"
    assert victim.ask(whole("GET", f"/~{name}{path}")).status == 200
    assert name in sandboxes(victim)


def test_a_refusal_that_leaves_a_mark_makes_one(victim: Victim) -> None:
    """A failed log-in is counted, so its sandbox has to stay."""
    people = victim.ask(whole("GET", "/__admin/people")).json["people"]
    ada = next(one for one in people if (one["system"], one["name"]) == ("weavr_multi", "ada"))
    body = b'{"email":"ada@multi.example","password":{"value":"Wrong-1-wrong"}}'
    reply = victim.ask(whole("POST", "/~marked/login_with_password", [*ada["headers"].items(), JSON], body))
    assert 400 <= reply.status < 500
    assert "marked" in sandboxes(victim)
