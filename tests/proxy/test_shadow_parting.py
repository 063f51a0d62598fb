"""Whom a difference is about, and what the stand-in must not be asked."""

from pathlib import Path
from typing import Any

import httpx

from tests.proxy.conftest import SYSTEM, NewProxy, violations
from tests.proxy.scripted import Scripted
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios.conftest import read_written
from tests.scenarios.other_multi import KEYS, LOGINS, Multi, write_bindings
from watchword.contract.bindings import Bindings

FIRST, SEED_PASSWORD, SEED_LOGIN = "Teapot-12-blue", "Harbour-7-lamp", "ada@multi.example"
"""The member's password on the server; that and the log-in of the person who plays the member in the stand-in."""
START = "/passwords/lost_password/start"


def post(client: Through, path: str, body: Any = None, token: str = "") -> httpx.Response:
    headers = {"api-key": KEYS["shop"], **({"Authorization": f"Bearer {token}"} if token else {})}
    return client.proxied.request("POST", path, headers=headers, json=body)


def log_in(client: Through, role: str, password: str) -> httpx.Response:
    return post(client, "/login_with_password", {"email": LOGINS[role], "password": {"value": password}})


def says(scripted: Scripted, status: int, body: bytes = b"") -> None:
    """Answer with a status and JSON."""
    form = f"Content-Type: application/json\nContent-Length: {len(body)}" if body else "Content-Length: 0"
    scripted.says(f"HTTP/1.1 {status} Whatever\nrequest-ref: 1\n{form}", body)


def test_a_refusal_of_the_caller_is_told_whomever_the_request_names(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    says(scripted, 401)
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        answer = post(client, START, {"email": "stranger@other.example"})
    assert ("response.status", "behaviour") in violations(answer)


def test_a_refusal_of_the_caller_parts_the_caller_and_not_whom_the_request_names(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        says(scripted, 200, b'{"token": "theirs-1"}')
        log_in(client, "head", "Kettle-34-grey")
        says(scripted, 401)
        assert ("response.status", "behaviour") in violations(post(client, "/users/71012/invite", token="theirs-1"))
        says(scripted, 403)
        log_in(client, "head", "Kettle-34-grey")
    reason = "the two know different things of head since weavr_multi.invite_user"
    assert client.compared.not_compared == {reason: 1}


def test_a_success_without_a_password_lets_nobody_meet_again(client: Through, multi: Multi) -> None:
    token = log_in(client, "member", FIRST).json()["token"]
    multi.defect = "31 characters are accepted"
    long = {"oldPassword": {"value": FIRST}, "newPassword": {"value": "Lantern-42-amber-" + "x" * 14}}
    assert post(client, "/passwords/update", long, token).status_code == 200
    assert post(client, START, {"email": LOGINS["member"]}).status_code == 204
    assert log_in(client, "member", FIRST).status_code == 403
    assert len(client.found) == 1
    reason = "the two know different things of member since weavr_multi.update_password"
    assert client.compared.not_compared == {reason: 1}


def test_a_password_that_two_people_have_is_not_taken_for_one_of_theirs(
    new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, tmp_path: Path
) -> None:
    alike = write_bindings().replace("Kettle-34-grey", FIRST)
    with shadowing(new_proxy, SYSTEM, other[0], read_written(alike, SYSTEM, tmp_path)) as client:
        assert post(client, "/passwords/validate", {"password": {"value": FIRST}}).status_code == 204
    assert client.compared.not_compared == {"value: several people of the bindings have this password": 1}


def test_what_the_stand_in_has_for_somebody_else_is_not_sent_there(client: Through) -> None:
    post(client, START, {"email": SEED_LOGIN})
    assert client.compared.not_compared == {"email: the stand-in has this value for something else": 1}


def test_the_seed_password_of_a_person_is_not_sent_for_a_wrong_one(client: Through) -> None:
    assert log_in(client, "member", SEED_PASSWORD).status_code == 403
    assert client.found == []
    reason = "value: it is what somebody has in the stand-in from the beginning"
    assert client.compared.not_compared == {reason: 1}
