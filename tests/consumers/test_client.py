"""The client in Python, without pytest's help."""

import pickle
import re

import httpx
import pytest

from tests.scenarios.curt import CLOSE, FINE, HALF, HANG_UP, SILENCE, curt
from tests.serving import Served
from watchword.client import Sandbox, Watchword, WatchwordError, sandbox_name

FORGET = "/multi/passwords/lost_password/start"


def forget(box: Sandbox) -> str:
    """Let somebody ask for a mail; whom it went to."""
    ada = box.person_named("weavr_multi", "ada")
    answer = httpx.post(box.url + FORGET, headers=ada.headers, json={"email": ada.login})
    assert answer.status_code == 204
    return ada.login


def test_a_person_has_what_a_test_sends(box: Sandbox) -> None:
    hilda = box.person("weavr_multi", "locked")
    assert "locked" in hilda.situations
    assert box.person_named("weavr_multi", hilda.name) == hilda
    assert hilda.password is not None
    assert hilda.password not in repr(hilda)
    with pytest.raises(LookupError, match=r"nobody in bewitched. There are: .*locked"):
        box.person("weavr_multi", "bewitched")


def test_people_are_made_and_changed(box: Sandbox) -> None:
    mallory = box.make_person("zitadel", name="mallory", situations=["locked"], password="Quiet-River-42!")
    assert mallory.name in [one.name for one in box.people]
    assert "locked" not in box.change_person(mallory, situations=[]).situations


def test_a_mail_comes_with_its_codes_and_links(box: Sandbox) -> None:
    with pytest.raises(WatchwordError, match="No mail to ada"):
        box.inbox.wait(to="ada@multi.example", seconds=0)
    login = forget(box)
    first = box.inbox.wait(to=login)
    assert first.codes == ("123456",)
    assert first.links[0].startswith("http")
    forget(box)
    assert box.inbox.wait(to=login, after=first).id > first.id
    assert len(box.inbox.all(to=login)) == 2
    box.inbox.clear()
    assert box.inbox.all() == []


def test_the_clock_moves(box: Sandbox) -> None:
    before = box.clock.freeze("2026-05-01T12:00:00Z")
    assert box.clock.advance("PT61M") == "2026-05-01T13:01:00.000Z"
    assert box.clock.set(before) == box.clock.now() == before
    box.clock.unfreeze()
    box.clock.reset()
    assert box.agenda() is not None


def test_a_fault_hits_and_is_disarmed(box: Sandbox) -> None:
    box.faults.add({"answer": {"status": 503}}, match={"operation": "weavr_multi.start_lost_password"}, times=1)
    assert httpx.post(box.url + FORGET, headers=box.person("weavr_multi").headers, json={}).status_code == 503
    assert [one["hits"] for one in box.faults.all()] == [1]
    box.faults.clear()
    assert box.faults.all() == []


def test_settings_change_in_this_sandbox_alone(box: Sandbox) -> None:
    box.settings.patch("zitadel", {"maintenance": True})
    assert box.settings.get("zitadel")["maintenance"] is True
    assert Sandbox(box.server, "another").settings.get("zitadel")["maintenance"] is False


def test_the_journal_is_read_like_a_list(box: Sandbox) -> None:
    forget(box)
    httpx.get(f"{box.url}/nowhere")
    assert [entry.status for entry in box.journal] == [404, 204]
    assert (len(box.journal), box.journal[-1].operation) == (2, "weavr_multi.start_lost_password")
    assert [entry.status for entry in reversed(box.journal)] == [204, 404]
    assert box.journal.index(box.journal[1]) == 1
    (refused,) = box.journal.find(status="4xx")
    assert "404" in box.journal.explain(refused)["sentence"]
    assert [one["kind"] for one in box.findings()] == ["unmatched"]


def test_a_failed_verification_is_an_assertion_with_the_nearest_request(box: Sandbox) -> None:
    forget(box)
    assert box.verify(operation="weavr_multi.start_lost_password") == 1
    with pytest.raises(AssertionError, match=rf"nearest: POST {FORGET} 204: status is 204"):
        box.verify(operation="weavr_multi.start_lost_password", status=409)


def test_what_the_control_api_refuses_says_why(box: Sandbox) -> None:
    with pytest.raises(WatchwordError) as refused:
        box.clock.advance("soon")
    assert (refused.value.status, refused.value.code) == (400, "malformed")
    assert "body by" in str(refused.value)
    with pytest.raises(WatchwordError, match="does not answer"):
        Watchword("http://127.0.0.1:9").sandbox("x")


def test_a_sandbox_is_made_with_a_proposal_and_goes_back_to_todays_document(consumed: Served) -> None:
    box = Watchword(consumed.url).sandbox("proposed", proposal="next")
    assert httpx.get(f"{box.url}/countries").json() == ["NO", "SE"]
    box.choose(None)
    assert httpx.get(f"{box.url}/countries").status_code == 404
    box.choose("next")
    assert httpx.get(f"{Watchword(consumed.url).sandbox('proposed').url}/countries").status_code == 404
    with pytest.raises(WatchwordError, match="There are: next"):
        box.choose("soon")


def test_a_sandbox_is_fresh_however_often_its_test_runs(consumed: Served) -> None:
    server = Watchword(consumed.url)
    forget(server.sandbox("again"))
    assert len(server.sandbox("again").journal) == 0
    server.sandbox("again").drop()


@pytest.mark.parametrize(
    "test", ["test_a.py::test_b[x]", "t" * 300, "…", "tests/somewhere/test_file.py::TestClass::test_" + "long_" * 20]
)
def test_a_name_is_readable_short_and_of_its_test_alone(test: str) -> None:
    name = sandbox_name(test)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name)
    assert name != sandbox_name(test + "?")


def test_a_connection_that_the_server_has_closed_is_opened_again() -> None:
    with curt(FINE + CLOSE) as server:
        client = Watchword(server.url)
        assert client.ask("GET", "/clock") == {}
        server.closed.wait()
        assert client.ask("PUT", "/clock", body={}) == {}
        client.close()
    assert [request.split()[0] for request in server.heard] == [b"GET", b"PUT"]


@pytest.mark.parametrize("does", [HANG_UP, SILENCE, HALF])
def test_what_was_asked_is_not_asked_twice_when_no_answer_comes(does: bytes) -> None:
    with curt(FINE, does) as server:
        client = Watchword(server.url, patience_seconds=0.2)
        client.ask("GET", "/clock")
        with pytest.raises(WatchwordError, match="does not answer") as failed:
            client.ask("POST", "/reset")
        assert failed.value.code == "no-answer"
    assert len(server.heard) == 2


def test_an_error_can_be_sent_to_another_process() -> None:
    error = WatchwordError("No such person.", "no-such-person", 404, {"detail": "No such person."})
    sent = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert (str(sent), vars(sent)) == (str(error), vars(error))
