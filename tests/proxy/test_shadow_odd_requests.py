"""Whatever a client or a server sends, the shadow breaks no answer, and says nothing that it would have to guess."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.proxy.conftest import SYSTEM, NewProxy
from tests.proxy.scripted import Scripted, hang_up
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios.other_multi import KEYS, LOGINS, Multi
from watchword.contract.bindings import Bindings

KEY, JSON = {"api-key": KEYS["shop"]}, {"Content-Type": "application/json"}
FIRST = "Teapot-12-blue"
NAMED = "Member-12-blue"
"""A password with somebody's log-in in it."""
LOG_IN = "/login_with_password"
REFUSED = "HTTP/1.1 403 Forbidden\nrequest-ref: 1\nContent-Length: 0"


def nested(depth: int) -> bytes:
    """Write a log-in with a member of so many arrays, each in the one before."""
    person = b'"email": "%s", "password": {"value": "%s"}' % (LOGINS["member"].encode(), FIRST.encode())
    return b'{%s, "more": %s}' % (person, b"[" * depth + b"]" * depth)


def post(client: Through, body: bytes, path: str = LOG_IN) -> httpx.Response:
    return client.proxied.request("POST", path, headers={**KEY, **JSON}, content=body)


@pytest.mark.parametrize("credential", ["Basic ä", "Basic w6Q", "Basic /w==", "Basic a:b", "Basic"])
def test_a_credential_that_is_no_basic_one_is_compared_as_it_is(credential: str, client: Through) -> None:
    headers = {**KEY, "Authorization": credential.encode("latin-1")}
    assert client.proxied.request("POST", "/logout", headers=headers).status_code == 401
    assert (client.compared.number, client.found) == (1, [])


BLANKS = " " * 300_000


@pytest.mark.parametrize(
    "credential",
    [f"Bearer a{BLANKS}b", f"Bearer{BLANKS}a", f"Bearer a{BLANKS}"],
    ids=["within", "before", "behind"],
)
def test_blanks_in_a_credential_take_no_longer_than_other_characters(
    credential: str, new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    scripted.says("HTTP/1.1 401 Unauthorized\nrequest-ref: 1\nContent-Length: 0")
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        headers = {**KEY, "Authorization": credential}
        assert client.proxied.request("POST", "/logout", headers=headers).status_code == 401
        assert (client.compared.number, client.found) == (1, [])


@pytest.mark.parametrize(
    ("made_up", "told"), [({}, "value"), ({"Hush-1": NAMED}, "*"), ({"more": [{"Hush-2": NAMED}]}, "*")]
)
def test_a_reason_names_no_field_that_the_client_has_made_up(
    made_up: Any, told: str, new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    scripted.says("HTTP/1.1 204 No Content\nrequest-ref: 1")
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        sent = {**made_up, "email": LOGINS["member"], "password": {"value": NAMED}}
        assert client.proxied.request("POST", LOG_IN, headers=KEY, json=sent).status_code == 204
    reason = f"{told}: a name is in it, and people have other names in the stand-in"
    assert client.compared.not_compared == {reason: 1}


@pytest.mark.parametrize("depth", [100, 253])
def test_a_body_may_nest_as_deeply_as_the_document_can_be_asked(depth: int, client: Through) -> None:
    assert post(client, nested(depth)).status_code == 200
    assert (client.compared.number, client.found) == (1, [])


@pytest.mark.parametrize("depth", [254, 300, 520, 900])
def test_a_body_that_nests_more_deeply_is_answered_and_not_compared(depth: int, client: Through) -> None:
    assert post(client, nested(depth)).status_code == 200
    assert client.proxied.entry()["response"]["status"] == 200
    assert client.compared.not_compared == {"the body is nested too deeply": 1}


@pytest.mark.parametrize("depth", [520, 1015])
def test_a_request_that_cannot_be_read_may_have_been_about_anybody(
    depth: int, new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    scripted.script = hang_up
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        assert post(client, nested(depth)).status_code == 502
        scripted.says(REFUSED)
        assert post(client, nested(1)).status_code == 403
        assert client.found == []
    reason = "the two know different things of member since weavr_multi.login_with_password"
    assert client.compared.not_compared == {"there was no answer": 1, reason: 1}


def test_a_request_without_an_answer_that_changes_nothing_parts_nobody(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    scripted.script = hang_up
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        assert post(client, nested(520), "/passwords/validate").status_code == 502
        scripted.says(REFUSED)
        assert post(client, nested(1)).status_code == 403
        assert len(client.found) == 1, "the stand-in lets the member in"
    assert client.compared.not_compared == {"there was no answer": 1}


def test_a_request_that_cannot_be_read_breaks_none_beside_it(client: Through, multi: Multi) -> None:
    multi.defect = "an inactive user can log in"
    inactive: Any = {"email": LOGINS["inactive"], "password": {"value": "Pepper-90-gold"}}

    async def both() -> list[int]:
        transport = httpx.ASGITransport(client.proxied.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=KEY) as together:
            asked = (
                together.post(LOG_IN, json=inactive),
                together.post(LOG_IN, content=nested(520), headers=JSON),
            )
            return [one.status_code for one in await asyncio.gather(*asked)]

    assert client.proxied.runner.run(both()) == [200, 200]
    assert client.found == []
    assert client.compared.not_compared.pop("the body is nested too deeply") == 1
    (reason,) = client.compared.not_compared
    assert reason.startswith(("another request was on its way", "the two know different things of inactive"))


@pytest.mark.parametrize("depth", [500, 1020])
def test_an_answer_that_nests_deeply_passes_and_is_noted(
    depth: int, new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    body = b"[" * depth + b"]" * depth
    scripted.says(f"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        answer = post(client, nested(1))
        told = [one["message"] for one in client.proxied.entry()["violations"]]
    assert (answer.status_code, answer.content) == (200, body)
    assert "weavr_multi.login_with_password 200: body (whole) The value is nested too deeply." in told
