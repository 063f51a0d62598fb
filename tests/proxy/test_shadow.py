"""A shadow tells what it knows, and nothing that it would have to guess."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import httpx
import pytest

from tests.proxy.conftest import SYSTEM, NewProxy, Proxied, violations
from tests.proxy.scripted import Scripted, hang_up
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios.conftest import read_written
from tests.scenarios.other_multi import DAY, HOUR, KEYS, LOGINS, Multi, write_bindings
from watchword.contract.bindings import Bindings
from watchword.journal.findings import Kind

KEY = {"api-key": KEYS["shop"]}
FIRST = "Teapot-12-blue"


def post(proxied: Proxied, path: str, body: Any, token: str = "", **headers: str) -> httpx.Response:
    sent = {**KEY, **({"Authorization": f"Bearer {token}"} if token else {}), **headers}
    return proxied.request("POST", path, headers=sent, json=body)


def log_in(proxied: Proxied, password: str = FIRST, email: str = LOGINS["member"]) -> httpx.Response:
    return post(proxied, "/login_with_password", {"email": email, "password": {"value": password}})


def update(proxied: Proxied, token: str, old: str, new: str) -> httpx.Response:
    return post(proxied, "/passwords/update", {"oldPassword": {"value": old}, "newPassword": {"value": new}}, token)


def test_a_difference_is_told_by_rule_in_the_header_the_journal_and_for_the_gate(client: Through, multi: Multi) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.defect = "the present password may be kept"
    answer = update(client.proxied, token, FIRST, FIRST)
    assert (answer.status_code, violations(answer)) == (200, [("response.status", "behaviour")])
    (told,) = client.proxied.entry()["violations"]
    assert (told["where"], told["pointer"]) == ("response", "/status")
    assert told["message"].startswith("was 200, should be 409 PASSWORD_ALREADY_USED: ")
    assert "(weavr.password.history, " in told["message"]
    (finding,) = client.found
    assert (finding.kind, finding.what, finding.where, finding.pointer, finding.message) == (
        Kind.BEHAVIOUR,
        "POST /passwords/update",
        "response",
        "/status",
        told["message"],
    )


def test_a_difference_in_behaviour_is_logged_like_a_violation_of_the_document(
    client: Through, multi: Multi, caplog: pytest.LogCaptureFixture
) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.defect = "the present password may be kept"
    update(client.proxied, token, FIRST, FIRST)
    (line,) = (one.getMessage() for one in caplog.records if one.levelname == "ERROR")
    told = client.proxied.entry()["violations"][0]["message"]
    assert line == f"behaviour violation: weavr_multi.update_password 200: {told}"


def test_a_refusal_that_no_rule_gives_names_the_rules_that_would(client: Through, multi: Multi) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.users["71002"]["passwords"].insert(0, "Nobody-knows-1")
    assert update(client.proxied, token, FIRST, "Lantern-42-amber").status_code == 409
    (finding,) = client.found
    assert finding.message.startswith(
        "was 409 PASSWORD_INCORRECT, should be 200: nothing is wrong by weavr.update.old-"
    )


def test_a_right_server_is_found_right_with_mailed_codes_and_passwords_of_the_clients_own(
    client: Through, multi: Multi
) -> None:
    post(client.proxied, "/passwords/lost_password/start", {"email": "MEMBER@other.example"})
    code = multi.users["71002"]["code"][0]
    wrong = {"email": LOGINS["member"], "nonce": "000000", "newPassword": {"value": "Lantern-42-amber"}}
    right = {**wrong, "nonce": code}
    statuses = [
        post(client.proxied, "/passwords/lost_password/resume", one).status_code for one in (wrong, right, right)
    ]
    assert statuses == [409, 200, 409]
    assert [log_in(client.proxied, one).status_code for one in (FIRST, "Lantern-42-amber")] == [403, 200]
    assert client.found == []
    assert (client.compared.number, client.compared.not_compared.total()) == (6, 0)


def test_values_of_nobody_are_not_compared_and_the_reason_is_told(client: Through, multi: Multi) -> None:
    multi.defect = "an unknown address is answered 204"
    answer = post(client.proxied, "/passwords/lost_password/start", {"email": "stranger@other.example"})
    assert answer.status_code == 204
    assert client.found == []
    assert client.compared.not_compared == {"email: nobody in the bindings has this value, and no answer gave it": 1}


def test_what_follows_from_a_difference_is_not_told_until_both_accept_the_same_password(
    client: Through, multi: Multi
) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.defect = "31 characters are accepted"
    long = "Lantern-42-amber-" + "x" * 14
    assert update(client.proxied, token, FIRST, long).status_code == 200
    assert len(client.found) == 1
    assert [log_in(client.proxied, one).status_code for one in (long, FIRST)] == [200, 403]
    reason = "the two know different things of member since weavr_multi.update_password"
    assert client.compared.not_compared == {reason: 2}
    multi.users["71002"]["passwords"].insert(0, FIRST)
    token = log_in(client.proxied).json()["token"]
    multi.defect = "no special character is needed"
    assert update(client.proxied, token, FIRST, "Lantern42amber").status_code == 200
    assert len(client.found) == 2, "both accepted the same password again"


def test_the_reset_of_the_control_api_begins_anew(client: Through, multi: Multi) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.defect = "31 characters are accepted"
    update(client.proxied, token, FIRST, "Lantern-42-amber-" + "x" * 14)
    multi.reset()
    assert client.proxied.request("POST", "/__admin/reset").is_success
    token = log_in(client.proxied).json()["token"]
    assert update(client.proxied, token, FIRST, "Lantern-43-amber-" + "x" * 14).status_code == 200
    (finding,) = client.found
    assert client.proxied.record.tally.findings[finding] == 2, "nobody has parted any more"


def test_after_a_reset_the_stand_in_has_the_time_of_the_server_which_goes_on(
    new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, tmp_path: Path
) -> None:
    year = '[settings]\nprogrammes = {main = {root_profile = {expires_after = "P365D"}}}'
    bindings = read_written(f"{write_bindings()}\n{year}", SYSTEM, tmp_path)
    multi.expires_after = 365 * DAY
    with shadowing(new_proxy, SYSTEM, other[0], bindings) as client:
        client.passed += timedelta(hours=1)
        log_in(client.proxied)
        multi.reset()
        multi.ahead = HOUR
        assert client.proxied.request("POST", "/__admin/reset").is_success
        token = log_in(client.proxied).json()["token"]
        assert update(client.proxied, token, FIRST, "Lantern-42-amber").json()["passwordInfo"]["expiryDate"]
        assert client.found == [], "both say the same moment"
    assert (client.compared.number, client.compared.not_compared.total()) == (3, 0)


def test_others_are_compared_while_somebody_has_parted(client: Through, multi: Multi) -> None:
    token = log_in(client.proxied).json()["token"]
    multi.defect = "31 characters are accepted"
    update(client.proxied, token, FIRST, "Lantern-42-amber-" + "x" * 14)
    multi.defect = "an inactive user can log in"
    log_in(client.proxied, "Pepper-90-gold", LOGINS["inactive"])
    assert [one.message.partition(":")[0] for one in client.found][1:] == ["was 200, should be 403 without a body"]


def test_a_password_that_the_bindings_do_not_know_is_no_difference(client: Through, multi: Multi) -> None:
    multi.users["71002"]["passwords"] = ["Changed-77-before"]
    assert log_in(client.proxied, "Changed-77-before").status_code == 200
    assert client.found == []
    assert client.compared.not_compared == {"member may have another password than the bindings say": 1}


@pytest.mark.parametrize(("seconds", "told"), [(1799, 0), (1801, 0), (1805, 1)])
def test_at_a_deadline_the_clocks_decide_and_no_rule(client: Through, multi: Multi, seconds: int, told: int) -> None:
    for _ in range(5):
        log_in(client.proxied, "Wrong-1-abc")
    multi.users["71002"]["locked"] = multi.now + 3 * 3600
    client.passed += timedelta(seconds=seconds)
    assert log_in(client.proxied).status_code == 423
    assert len(client.found) == told
    if seconds == 1801:
        assert client.compared.not_compared == {"a deadline was within 2 seconds (lock-ends)": 1}


def test_requests_about_one_person_at_once_are_no_difference(
    client: Through, new_proxy: NewProxy, multi: Multi
) -> None:
    multi.defect = "log-in is locked after six wrong passwords"
    app = client.proxied.app
    wrong = {"email": LOGINS["member"], "password": {"value": "Wrong-1-abc"}}

    async def all_at_once() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as together:
            headers = {**KEY, "Watchword-Sandbox": client.proxied.sandbox}
            asked = (together.post("/login_with_password", headers=headers, json=wrong) for _ in range(6))
            return [one.status_code for one in await asyncio.gather(*asked)]

    assert client.proxied.runner.run(all_at_once()) == [403] * 6
    assert client.found == []
    assert client.compared.not_compared == {"another request was on its way at the same time": 1}


def test_a_request_that_is_answered_after_a_later_one_is_no_difference_either(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    arrived, overtaken = threading.Event(), threading.Event()

    def wait_for_the_other(connection: socket) -> None:
        scripted.says("HTTP/1.1 403 Forbidden\nrequest-ref: 1\nContent-Length: 0")
        arrived.set()
        overtaken.wait(timeout=10)
        connection.sendall(b"HTTP/1.1 204 No Content\r\nrequest-ref: 1\r\n\r\n")

    async def overtake(proxied: Proxied) -> list[int]:
        wrong = {"email": LOGINS["member"], "password": {"value": "Wrong-1-abc"}}
        first = asyncio.create_task(proxied.send("POST", "/login_with_password", headers=KEY, json=wrong))
        await asyncio.to_thread(arrived.wait, timeout=10)
        second = await proxied.send("POST", "/login_with_password", headers=KEY, json=wrong)
        overtaken.set()
        return [(await first).status_code, second.status_code]

    scripted.script = wait_for_the_other
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        assert client.proxied.runner.run(overtake(client.proxied)) == [204, 403]
        assert client.found == []
    assert client.compared.not_compared == {"another request was on its way at the same time": 1}


def test_a_request_without_an_answer_parts_the_two(new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings) -> None:
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        scripted.script = hang_up
        assert log_in(client.proxied).status_code == 502
        scripted.says("HTTP/1.1 403 Forbidden\nrequest-ref: 1\nContent-Length: 0")
        assert log_in(client.proxied).status_code == 403
        assert client.found == []
    reason = "the two know different things of member since weavr_multi.login_with_password"
    assert client.compared.not_compared == {"there was no answer": 1, reason: 1}


def test_a_busy_server_says_nothing_about_its_rules(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    scripted.says("HTTP/1.1 429 Too Many Requests\nrequest-ref: 1\nContent-Length: 0")
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        assert log_in(client.proxied).status_code == 429
        assert client.found == []
    assert client.compared.not_compared == {"the server was busy (429)": 1}


def test_a_request_that_only_the_stand_in_has_no_time_for_is_not_compared(
    new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, tmp_path: Path
) -> None:
    once = "[settings]\nrate_limits = [{requests = 1, seconds = 60}]"
    bindings = read_written(f"{write_bindings()}\n{once}", SYSTEM, tmp_path)
    with shadowing(new_proxy, SYSTEM, other[0], bindings) as client:
        assert [log_in(client.proxied).status_code for _ in range(2)] == [200, 200]
        assert client.found == []
    assert client.compared.not_compared == {"the stand-in was asked too often (429)": 1}


def test_answers_of_any_form_are_compared_and_break_nothing(
    new_proxy: NewProxy, scripted: Scripted, unhooked: Bindings
) -> None:
    bodies = [b"null", b"[]", b"7", b'"x"', b'{"token": {"a": [1]}}', b'{"token": null}', b"{x", b""]
    with shadowing(new_proxy, SYSTEM, scripted.url, unhooked) as client:
        for status in (200, 302, 409):
            for body in bodies:
                head = f"HTTP/1.1 {status} X\nContent-Type: application/json\nContent-Length: {len(body)}"
                scripted.says(head, body)
                assert log_in(client.proxied).content == body
    assert not [one for one in client.compared.not_compared if "defect" in one]


def test_what_somebody_lives_with_is_not_told(
    new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, tmp_path: Path
) -> None:
    accepted = '[[accepted]]\nrule = "weavr.password.history"\nreason = "They know."'
    bindings = read_written(f"{write_bindings()}\n{accepted}", SYSTEM, tmp_path)
    multi.defect = "the present password may be kept"
    with shadowing(new_proxy, SYSTEM, other[0], bindings) as client:
        token = log_in(client.proxied).json()["token"]
        assert "sl-violations" not in update(client.proxied, token, FIRST, FIRST).headers
        assert client.found == []


def test_a_word_that_an_earlier_request_had_as_a_password_may_stand_in_an_answer(client: Through) -> None:
    assert log_in(client.proxied, "CONSUMER").status_code == 403
    assert '"CONSUMER"' in log_in(client.proxied).text
    assert (client.compared.number, client.found) == (2, [])


def test_no_secret_is_in_what_is_told(client: Through, multi: Multi) -> None:
    multi.defect = "an answer repeats the password"
    token = log_in(client.proxied).json()["token"]
    answer = update(client.proxied, token, FIRST, "Lantern-42-amber")
    unknown = post(client.proxied, "/logout", None, "Stranger-token-1")
    assert client.found
    told = f"{client.found}{answer.headers['sl-violations']}{client.compared}{client.proxied.entry()}{unknown.headers}"
    for secret in (FIRST, "Lantern-42-amber", token, KEYS["shop"], LOGINS["member"], "Stranger"):
        assert secret not in told
