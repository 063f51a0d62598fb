"""Requests of the journal answered once more, in forks and in sandboxes with a name."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.client import Api, Response
from tests.conftest import START
from tests.controls import Inbox, ManualClock, People, SettingsOf
from tests.outcomes import outcome
from tests.probing import ADMINISTRATORS, probe
from tests.rpc.wire import PROTOCOLS, RpcApi
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.edge.observers import Observers
from watchword.sandbox import Sandbox
from watchword.sandbox.registry import Sandboxes

RIGHT, NEW = "Correct-Horse-77", "Quiet-river-42"
UPDATE = "weavr_multi.update_password"


@pytest.fixture
def sandboxes(built: Built) -> Iterator[Sandboxes]:
    """All sandboxes; those that the test makes are forgotten afterwards."""
    known = {one.name for one in built.imitated.sandboxes}
    yield built.imitated.sandboxes
    for one in built.imitated.sandboxes:
        if one.name not in known:
            built.imitated.sandboxes.drop(one.name)


def replay(api: Api, entry: str = "last", **body: Any) -> Response:
    return api.call("admin.replay_entry", path={"id": entry}, body=body or None)


def update(api: Api, people: People, old: str = "Wrong-Secret-42", new: str = NEW) -> Response:
    body = {"oldPassword": {"value": old}, "newPassword": {"value": new}}
    return api.call(UPDATE, headers=people["weavr_multi", "ada"].headers, body=body)


def lose_password(api: Api, people: People) -> Response:
    ada = people["weavr_multi", "ada"]
    return api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})


def problems(answer: Response) -> dict[str, str]:
    return {one["field"]: one["problem"] for one in answer.body["errors"]}


@outcome("admin.replay_entry", 200, "replayed")
def test_both_answers_stand_side_by_side_with_what_decided_them_and_in_what_they_differ(
    api: Api, people: People
) -> None:
    update(api, people)
    right = people["weavr_multi", "ada"].password
    found = replay(api, change={"body": {"oldPassword": {"value": right}}}).body
    assert (found["in"], found["same"]) == ("before", False)
    assert found["original"]["response"]["body"] == {"errorCode": "PASSWORD_INCORRECT"}
    assert found["original"]["decidedBy"] == {"kind": "rule", "id": "weavr.update.old-password"}
    assert found["replayed"]["response"]["status"] == 200
    assert (found["replayed"]["id"], found["replayed"]["decidedBy"]) == (None, None)
    assert found["replayed"]["changes"]
    assert {"where": "status", "pointer": "", "original": 409, "replayed": 200} in found["differences"]
    assert {"where": "body", "pointer": "/token", "original": None, "replayed": "***"} in found["differences"]


def test_answers_of_a_handler_and_of_the_document_do_not_differ_in_a_media_type_that_both_have(
    api: Api, people: People
) -> None:
    update(api, people)
    found = replay(api, change={"headers": {"Prefer": "code=409, example=PASSWORD_INCORRECT"}}).body
    assert [one["pointer"] for one in found["differences"] if one["where"] == "body"] == []
    headers = {one["pointer"] for one in found["differences"]}
    assert "preference-applied" in headers
    assert "content-type" not in headers


def test_what_was_sent_before_and_what_is_sent_now_is_masked(api: Api, people: People) -> None:
    update(api, people)
    answer = replay(api, change={"body": {"oldPassword": {"value": "Another-Secret-43"}}, "headers": {"x-mine": "s3"}})
    shown = answer.content.decode()
    assert answer.body["replayed"]["request"]["body"]["oldPassword"] == {"value": "***"}
    assert not any(secret in shown for secret in ("Wrong-Secret-42", "Another-Secret-43", NEW, '"s3"'))


@pytest.fixture(scope="module")
def ticking(runner: asyncio.Runner) -> Api:
    """A server whose clock goes on with every look at it, and whose chance nobody can foresee."""
    ticks = count()

    def now() -> datetime:
        return START + next(ticks) * timedelta(milliseconds=137)

    built = build(Options(hashing=Profile.FAST, wall_clock=now, journal=2_000, history=10_000))
    return Api(built, runner, "ticking")


@pytest.mark.parametrize("system", ADMINISTRATORS)
def test_a_request_is_answered_the_same_once_more_whatever_happened_since(ticking: Api, system: str) -> None:
    everybody = ticking.call("admin.people", query={"system": system}).body["people"]
    by = next(one["headers"] for one in everybody if one["name"] == ADMINISTRATORS[system])
    ticking.call("admin.clear_journal")
    for person in everybody[::4]:
        probe(ticking, person, by)
    ticking.request("GET", "/multi/nowhere")
    entries = ticking.call("admin.journal", query={"limit": "1000"}).body["entries"]
    assert len({(one["operation"], one["response"]["status"]) for one in entries}) > 5
    differing = [
        (one["operation"], found) for one in entries if (found := replay(ticking, one["id"]).body["differences"])
    ]
    assert differing == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_of_another_protocol_is_answered_the_same_once_more(api: Api, people: People, protocol: str) -> None:
    mini, rpc = people["zitadel", "mini"], RpcApi(api, protocol)
    body = {"newPassword": {"password": "Fr3shly-Ch0sen!"}, "currentPassword": "Wrong-Secret-42!"}
    assert rpc.call("zitadel.set_password", path={"userId": mini.id}, body=body, headers=mini.headers).status == 400
    rpc.call("zitadel.password_reset", path={"userId": mini.id}, body={"returnCode": {}}, headers=mini.headers)
    for entry in api.call("admin.journal").body["entries"]:
        found = replay(api, entry["id"]).body
        assert (found["same"], found["replayed"]["response"]["status"]) == (True, entry["response"]["status"])
    assert (
        replay(api, change={"person": "otto"}).body["replayed"]["request"]["headers"]["authorization"]
        == "bearer of otto"
    )


def test_the_original_sees_nothing_of_a_replay(
    api: Api, people: People, settings: SettingsOf, sandbox: Callable[[], Sandbox], inbox: Inbox
) -> None:
    settings.patch("weavr_multi", {"rate_limits": [{"requests": 2, "seconds": 60}]})
    fault = {"match": {"person": "ada"}, "times": 3, "fault": {"delay": {"fixed": "PT0.001S"}}}
    api.call("admin.arm_fault", body=fault)
    assert lose_password(api, people).status == 204
    before, journal = sandbox(), api.call("admin.journal").body
    position, records = before.history.position, dict(before.store.changes_since(before.tables))
    counts = [(one.seen, one.hits) for one in before.faults]
    draws = before.chances.positions()
    for _ in range(3):
        assert replay(api).body["same"]
        assert replay(api, **{"in": "now"}).body["replayed"]["response"]["status"] == 204
    assert api.call("admin.journal").body == journal
    assert len(inbox.all()) == 1
    after = sandbox()
    assert after is before
    assert (after.history.position, after.chances.positions()) == (position, draws)
    assert dict(after.store.changes_since(after.tables)) == records
    assert [(one.seen, one.hits) for one in after.faults] == counts
    assert lose_password(api, people).status == 204  # the limit lets two requests pass
    assert lose_password(api, people).status == 429


def test_limits_and_faults_count_in_a_fork_as_they_did_then(api: Api, people: People, settings: SettingsOf) -> None:
    settings.patch("weavr_multi", {"rate_limits": [{"requests": 2, "seconds": 60}]})
    api.call("admin.arm_fault", body={"times": 1, "when": "after", "fault": {"answer": {"status": 500}}})
    assert [lose_password(api, people).status for _ in range(3)] == [500, 204, 429]
    entries = api.call("admin.journal").body["entries"]
    assert [replay(api, one["id"]).body["same"] for one in entries] == [True, True, True]


def test_a_delay_is_not_waited_for(api: Api, people: People) -> None:
    update(api, people)
    change = {"headers": {"prefer": "delay=PT1H"}}
    assert replay(api, change=change).body["replayed"]["response"]["status"] == 409


def test_a_lost_answer_is_lost_once_more(api: Api, people: People) -> None:
    update(api, people)
    change = {"headers": {"prefer": "fault=CONNECTION_RESET_BY_PEER, when=after"}}
    assert replay(api, change=change).body["replayed"]["response"]["status"] == 0


def test_in_now_the_request_meets_what_has_changed_since(api: Api, people: People) -> None:
    right = people["weavr_multi", "ada"].password
    assert right is not None
    assert update(api, people, old=right).status == 200
    assert replay(api).body["same"]
    found = replay(api, **{"in": "now"}).body
    assert found["replayed"]["code"] == "PASSWORD_INCORRECT"
    assert found["original"]["response"]["status"] == 200


def test_in_a_sandbox_with_a_name_it_happens(api: Api, people: People, sandboxes: Sandboxes) -> None:
    lose_password(api, people)
    api.call("admin.make_sandbox", body={"from": api.sandbox, "before": "last", "name": "again"})
    found = replay(api, **{"in": "again"}).body
    assert (found["in"], found["same"]) == ("again", True)
    there = Api(api.built, api.runner, "again")
    assert [one["id"] for one in there.call("admin.journal").body["entries"]] == [found["replayed"]["id"]]
    mails = [one.call("admin.inbox").body["messages"] for one in (there, api)]
    assert mails[0] == mails[1]


def test_in_a_sandbox_with_a_name_its_own_entry_is_reported_though_others_arrive_meanwhile(
    api: Api, people: People, sandboxes: Sandboxes
) -> None:
    lose_password(api, people)
    api.call("admin.make_sandbox", body={"from": api.sandbox, "before": "last", "name": "busy"})
    replayer, there = api.built.replayer, Api(api.built, api.runner, "busy")
    assert replayer is not None

    def interrupted(*, sandbox: Sandbox, observers: Observers) -> ASGIApp:
        app = replayer.new_app(sandbox=sandbox, observers=observers)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            await there.arequest("GET", "/multi/nowhere")

        return answer

    found = api.runner.run(replace(replayer, new_app=interrupted).replay(str(api.sandbox), "last", into="busy"))
    assert found.same
    newest, own = there.call("admin.journal").body["entries"]
    assert (found.noted, newest["response"]["status"]) == (own["id"], 404)


def test_another_person_speaks(api: Api, people: People) -> None:
    api.call(UPDATE, headers=people["weavr_multi", "ada"].headers, body={})
    found = replay(api, change={"person": "clara"}).body
    assert found["replayed"]["request"]["headers"]["authorization"] == "bearer of clara"


def test_method_path_query_headers_and_a_whole_body_can_be_other_ones(api: Api, people: People) -> None:
    update(api, people)
    found = replay(api, change={"method": "GET", "path": "/nowhere"}).body
    assert found["replayed"]["response"]["status"] == 404
    found = replay(api, change={"headers": {"api-key": None, "Authorization": None}}).body
    assert found["replayed"]["response"]["status"] in (400, 401)
    found = replay(api, change={"replaceBody": {"oldPassword": {"value": "x"}}}).body
    assert found["replayed"]["decidedBy"]["id"].endswith("/newPassword/required")
    found = replay(api, change={"body": "{no JSON"}).body
    assert found["replayed"]["response"]["status"] == 400
    found = replay(api, change={"body": None}).body
    assert found["replayed"]["response"]["status"] == 400
    found = replay(api, change={"path": "/multi/passwords/update?a=1", "query": {"a": None, "b": ["2", "3"]}}).body
    assert found["replayed"]["request"]["url"] == "/multi/passwords/update?b=***&b=***"


def test_a_form_is_patched_as_a_form(api: Api) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&scope=openid"
    first = api.request("POST", "/oauth/v2/token", content=body, headers=form)
    found = replay(api, change={"body": {"grant_type": "nothing"}}).body
    assert found["original"]["response"]["status"] == first.status
    assert found["replayed"]["response"]["body"]["error"] == "unsupported_grant_type"


def test_fields_of_a_form_that_stand_there_several_times_stay_when_others_are_patched(api: Api) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = "grant_type=client_credentials&grant_type=nonsense&client_id=nobody&scope=openid"  # the first one counts
    answer = api.request("POST", "/oauth/v2/token", content=body.encode(), headers=form)
    assert answer.body["error"] == "invalid_client"
    found = replay(api, change={"body": {"scope": ["openid", "email"]}}).body
    assert found["replayed"]["response"]["body"]["error"] == "invalid_client"


def test_a_path_that_only_begins_like_a_page_is_sent(api: Api, people: People) -> None:
    update(api, people)
    for path in ("/docsets", "/__administrators"):
        assert replay(api, change={"path": path}).body["replayed"]["response"]["status"] == 404


def test_a_moment_earlier_or_later_in_a_fork(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    lose_password(api, people)
    api.call("admin.set_clock", body={"action": "advance", "by": "PT61M"})
    body = {"email": ada.login, "nonce": "123456", "newPassword": {"value": NEW}}
    answer = api.call("weavr_multi.resume_lost_password", headers=ada.headers, body=body)
    assert answer.status == 409
    for clock in ({"by": "-PT10M"}, {"to": "2026-01-15T12:30:00Z"}):
        assert replay(api, change={"clock": clock}).body["replayed"]["response"]["status"] == 200


@outcome("admin.replay_entry", 400, "malformed")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"change": {"person": 7}}, "change.person"),
        ({"change": {"clock": {"by": "soon"}}}, "change.clock.by"),
        ({"in": ""}, "in"),
        ({"change": {"query": {"a": 7}}}, "change.query.a"),
        ({"changes": {}}, "changes"),
    ],
)
def test_a_change_that_cannot_be_read_is_refused(api: Api, body: dict[str, Any], field: str) -> None:
    answer = replay(api, **body)
    assert (answer.status, list(problems(answer))) == (400, [field])


@outcome("admin.replay_entry", 400, "calendar")
def test_the_clock_of_a_fork_stays_in_the_calendar(api: Api, people: People, clock: ManualClock) -> None:
    clock.advance(timedelta(days=365 * 7_860))
    update(api, people)
    assert replay(api, change={"clock": {"by": "P99Y"}}).body["code"] == "calendar"


@outcome("admin.replay_entry", 404, "no-such-entry")
def test_what_is_not_in_the_journal_is_not_replayed(api: Api) -> None:
    assert replay(api).body["code"] == "no-such-entry"


@outcome("admin.replay_entry", 404, "no-such-sandbox")
def test_a_sandbox_has_to_exist(api: Api, people: People) -> None:
    update(api, people)
    assert replay(api, **{"in": "nobody"}).body["detail"] == (
        "There is no sandbox 'nobody'. Write before or now, or the name of a sandbox."
    )
    assert "Nearest: now" in replay(api, **{"in": "nowhere"}).body["detail"]


@outcome("admin.replay_entry", 404, "journal-off")
def test_without_a_journal_nothing_is_replayed() -> None:
    with asyncio.Runner() as runner:
        api = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, journal=0)), runner, None)
        assert replay(api).body["code"] == "journal-off"


@outcome("admin.replay_entry", 409, "not-replayable")
def test_a_page_and_a_preflight_are_not_replayed(api: Api) -> None:
    name = str(api.sandbox)
    api.request("POST", "/docs/")
    assert replay(api).body["code"] == "not-replayable"
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}
    api.request("OPTIONS", f"/~{name}/multi/passwords/update", headers=asked)
    assert replay(api).body["code"] == "not-replayable"


def test_a_person_who_does_not_exist_is_told_with_the_nearest(api: Api, people: People) -> None:
    update(api, people)
    told = problems(replay(api, change={"person": "adda"}))["change.person"]
    assert told.startswith("is nobody of this system; nearest: ada")


@outcome("admin.replay_entry", 409, "impossible-change")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": "nobody"}, "change.person"),
        ({"path": "no-slash"}, "change.path"),
        ({"path": "/__admin/reset"}, "change.path"),
        ({"path": "/__admin?a=1"}, "change.path"),
        ({"path": "/docs/index.html"}, "change.path"),
        ({"path": "/multi/passwords/validate\r\nx-a: 1"}, "change.path"),
        ({"path": "/multi/passwords/validate?a=\n"}, "change.path"),
        ({"path": "/~other/multi/passwords/validate"}, "change.path"),
        ({"headers": {"a b": "c"}}, "change.headers"),
        ({"headers": {"Watchword-Sandbox": "other"}}, "change.headers.Watchword-Sandbox"),
        ({"headers": {"content-length": "5"}}, "change.headers.content-length"),
        ({"headers": {"transfer-encoding": None}}, "change.headers.transfer-encoding"),
        ({"headers": {"x-a": "two\r\nlines"}}, "change.headers.x-a"),
        ({"body": {}, "replaceBody": {}}, "change.replaceBody"),
        ({"clock": {"to": "2026-02-01T23:59:60Z"}}, "change.clock.to"),
    ],
)
def test_a_change_that_no_request_can_have_is_refused(
    api: Api, people: People, change: dict[str, Any], field: str
) -> None:
    update(api, people)
    answer = replay(api, change=change)
    assert (answer.status, list(problems(answer))) == (409, [field])


@pytest.mark.parametrize("name", ["body", "replaceBody"])
def test_a_body_that_is_nested_too_deeply_to_be_written_is_refused(api: Api, people: People, name: str) -> None:
    update(api, people)
    content = b'{"change":{"%s":%s1%s}}' % (name.encode(), b'{"a":' * 500, b"}" * 500)
    json = {"content-type": "application/json"}
    answer = api.request("POST", "/__admin/journal/last/replay", content=content, headers=json)
    assert (answer.status, list(problems(answer))) == (409, [f"change.{name}"])


def test_the_clock_of_a_sandbox_with_a_name_is_not_moved(api: Api, people: People) -> None:
    update(api, people)
    answer = replay(api, change={"clock": {"by": "P1D"}}, **{"in": "default"})
    assert list(problems(answer)) == ["change.clock"]


def test_a_message_of_grpc_is_not_changed(api: Api, people: People) -> None:
    rpc, mini = RpcApi(api, "grpc"), people["zitadel", "mini"]
    rpc.call("zitadel.get_user", path={"userId": mini.id}, headers=mini.headers)
    answer = replay(api, change={"body": {"userId": "1"}})
    assert problems(answer) == {"change.body": "cannot be changed in grpc, whose messages are not JSON"}


@outcome("admin.replay_entry", 410, "entry-gone")
def test_a_request_that_the_journal_has_dropped_is_gone(api: Api, people: People) -> None:
    update(api, people)
    entry = api.call("admin.journal").body["entries"][0]["id"]
    api.call("admin.clear_journal")
    assert replay(api, entry).body["code"] == "entry-gone"


@outcome("admin.replay_entry", 410, "gone")
def test_a_state_that_is_not_remembered_is_gone(
    api: Api, people: People, sandbox: Callable[[], Sandbox], sandboxes: Sandboxes
) -> None:
    lose_password(api, people)
    for _ in range(sandboxes.history + 1):
        sandbox().set_clock(sandbox().clock)
    assert replay(api).body["code"] == "gone"
    assert replay(api, **{"in": "now"}).status == 200


@outcome("admin.replay_entry", 415, "unsupported-media-type")
def test_a_change_is_sent_as_json(api: Api) -> None:
    answer = api.request(
        "POST", "/__admin/journal/last/replay", content=b"person=ada", headers={"content-type": "text/plain"}
    )
    assert answer.status == 415


def test_a_fork_is_gone_when_its_replay_is_over(api: Api, people: People) -> None:
    update(api, people)
    replay(api)

    def sandboxes_in_memory() -> int:
        gc.collect()
        return sum(isinstance(one, Sandbox) for one in gc.get_objects())

    before = sandboxes_in_memory()
    for into in ("before", "now"):
        assert replay(api, **{"in": into}).status == 200
    assert sandboxes_in_memory() == before
