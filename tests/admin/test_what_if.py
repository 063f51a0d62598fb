"""What would have helped a refused request."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.client import Api, Response
from tests.conftest import START
from tests.controls import People, SettingsOf
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.sandbox import Sandbox

NEW = "Quiet-river-42"


def what_if(api: Api, entry: str = "last") -> Response:
    return api.call("admin.what_if", path={"id": entry})


def update(api: Api, people: People, old: str, new: str) -> Response:
    body = {"oldPassword": {"value": old}, "newPassword": {"value": new}}
    return api.call("weavr_multi.update_password", headers=people["weavr_multi", "ada"].headers, body=body)


def resume(api: Api, people: People, code: str) -> Response:
    ada = people["weavr_multi", "ada"]
    body = {"email": ada.login, "nonce": code, "newPassword": {"value": NEW}}
    return api.call("weavr_multi.resume_lost_password", headers=ada.headers, body=body)


def start(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})


def cures(api: Api) -> list[dict[str, Any]]:
    """Look for cures, and see each of them succeed as a replay."""
    looked = what_if(api).body
    assert 0 < looked["tried"] <= 30
    for one in looked["cures"]:
        replayed = api.call("admin.replay_entry", path={"id": looked["id"]}, body={"change": one["change"]}).body
        assert replayed["replayed"]["response"]["status"] == one["status"] < 400
    found: list[dict[str, Any]] = looked["cures"]
    return found


@outcome("admin.what_if", 200, "cured")
def test_the_right_password_would_have_helped(api: Api, people: People) -> None:
    update(api, people, "Wrong-Secret-42", NEW)
    (first, *_) = cures(api)
    right = people["weavr_multi", "ada"].password
    assert first == {
        "sentence": "With the password of ada as oldPassword.value it would have been answered 200.",
        "status": 200,
        "change": {"body": {"oldPassword": {"value": right}}},
    }


def test_a_password_that_fits_would_have_helped(api: Api, people: People) -> None:
    update(api, people, people["weavr_multi", "ada"].password or "", "short")
    assert any("With a password that fits as newPassword.value" in one["sentence"] for one in cures(api))


def test_the_code_of_the_mail_would_have_helped(api: Api, people: People) -> None:
    start(api, people)
    assert resume(api, people, "999999").status == 409
    assert any(one["change"] == {"body": {"nonce": "123456"}} for one in cures(api))


def test_a_moment_earlier_would_have_helped(api: Api, people: People) -> None:
    start(api, people)
    api.call("admin.set_clock", body={"action": "advance", "by": "PT61M"})
    assert resume(api, people, "123456").status == 409
    assert any("earlier, at 2026-01-15T" in one["sentence"] for one in cures(api))


def test_the_moment_before_an_expiry_is_told_once_and_as_far_away_as_it_was(api: Api, people: People) -> None:
    start(api, people)
    api.call("admin.set_clock", body={"action": "set", "to": "2026-01-15T13:00:00.900Z"})
    resume(api, people, "123456")
    told = [one["sentence"] for one in cures(api) if "second" in one["sentence"]]
    assert told == ["2 seconds earlier, at 2026-01-15T12:59:59Z it would have been answered 200."]


def test_a_moment_later_would_have_helped(api: Api, people: People) -> None:
    hilda = people["weavr_multi", "hilda"]
    body = {"email": hilda.login, "password": {"value": hilda.password}}
    assert api.call("weavr_multi.login_with_password", headers=hilda.headers, body=body).status == 423
    assert any("later, at 2026-01-15T" in one["sentence"] for one in cures(api))


def test_a_limit_is_waited_for(api: Api, people: People, settings: SettingsOf) -> None:
    settings.patch("weavr_multi", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    good = {"password": {"value": NEW}}
    headers = people["weavr_multi", "ada"].headers
    for _ in range(2):
        api.call("weavr_multi.validate_password", headers=headers, body=good)
    assert cures(api)[0]["sentence"].startswith("1 minute later, at 2026-01-15T12:01:00Z it would have been answered")


def test_of_many_moments_that_would_have_helped_one_is_told(api: Api, people: People, settings: SettingsOf) -> None:
    settings.patch("weavr_multi", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    good, headers = {"password": {"value": NEW}}, people["weavr_multi", "ada"].headers
    for _ in range(2):
        api.call("weavr_multi.validate_password", headers=headers, body=good)
    assert len([one for one in cures(api) if "clock" in one["change"]]) == 1
    hilda = people["weavr_multi", "hilda"]
    api.call(
        "weavr_multi.login_with_password",
        headers=hilda.headers,
        body={"email": hilda.login, "password": {"value": hilda.password}},
    )
    assert len([one for one in cures(api) if "clock" in one["change"]]) == 1


def test_another_person_and_a_field_put_right_would_have_helped(api: Api, people: People) -> None:
    user = {"userId": people["zitadel", "mini"].id}
    api.call("zitadel.lock_user", path=user, headers={"authorization": "Bearer nobody"}, body={})
    assert any(one["change"] == {"person": "otto"} for one in cures(api))
    api.call("weavr_multi.validate_password", headers=people["weavr_multi", "ada"].headers, body={})
    assert any("as the document has it" in one["sentence"] for one in cures(api))


def test_a_path_that_is_nearly_right_would_have_helped(api: Api, people: People) -> None:
    headers = people["weavr_multi", "ada"].headers
    api.request("POST", "/multi/password/validate", json={"password": {"value": NEW}}, headers=headers)
    assert any(one["change"].get("path") == "/multi/passwords/validate" for one in cures(api))


def test_nothing_is_tried_for_what_succeeded_and_nothing_helps_during_maintenance(
    api: Api, people: People, settings: SettingsOf
) -> None:
    start(api, people)
    assert (what_if(api).body["tried"], what_if(api).body["cures"]) == (0, [])
    settings.patch("weavr_multi", {"maintenance": True})
    start(api, people)
    assert cures(api) == []


def test_the_sandbox_sees_nothing_of_what_is_tried(api: Api, people: People, sandbox: Callable[[], Sandbox]) -> None:
    start(api, people)
    resume(api, people, "999999")
    before, journal = sandbox(), api.call("admin.journal").body
    stood = (before.history.position, before.chances.positions(), tuple(before.mailbox))
    cures(api)
    after = sandbox()
    assert (after.history.position, after.chances.positions(), tuple(after.mailbox)) == stood
    assert api.call("admin.journal").body == journal


def test_no_secret_that_was_sent_is_told(api: Api, people: People) -> None:
    update(api, people, "Wrong-Secret-42", "Another-Secret-43")
    shown = what_if(api).content.decode()
    assert "Wrong-Secret-42" not in shown
    assert "Another-Secret-43" not in shown


@pytest.mark.parametrize(
    "content",
    [
        b'{"oldPassword":{"value":"Sent-Secret-1"},"newPassword":{"value":"Sent-Secret-2"},}',
        b'{"oldPassword":{"value":"Sent-Secret-1"},"newPassword":{"value":"Sent-Secret-2"},"other":"Sent-Secret-3"}',
        b'{"oldPassword":"Sent-Secret-1","newPassword":{"value":5550123}}',
        b'{"oldPassword":{"value":"Sent-Secret-1"}',
    ],
)
def test_no_secret_is_told_with_a_body_that_is_put_right(api: Api, people: People, content: bytes) -> None:
    headers = {**people["weavr_multi", "ada"].headers, "content-type": "application/json"}
    assert api.request("POST", "/passwords/update", content=content, headers=headers).status >= 400
    shown = what_if(api).content
    assert b"Sent-Secret" not in shown
    assert b"5550123" not in shown


def test_names_that_the_journal_masks_are_in_no_change(api: Api, people: People) -> None:
    headers, mini = people["weavr_multi", "ada"].headers, people["zitadel", "mini"]
    bodies: list[dict[str, Any]] = [
        {"json": {"password": {"value": 5}, "hunter2 4271": 1}, "headers": headers},
        {"json": {"hunter2 4271": {"value": 5}}, "headers": headers},
    ]
    for one in bodies:
        assert api.request("POST", "/multi/passwords/validate", **one).status == 400
        assert "hunter2" not in json.dumps(what_if(api).body)
        assert cures(api)
    for query, more in ("hunter2=1;2", {}), ("", {"grpc-metadata-hunter2-bin": "%%"}):
        answer = api.request("GET", f"/v2/settings/login?{query}", headers={**mini.headers, **more})
        assert answer.status == 400
        assert "hunter2" not in json.dumps(what_if(api).body)


def test_two_people_are_named_of_the_many_whose_credentials_would_have_helped(api: Api) -> None:
    api.call("weavr_multi.validate_password", body={"password": {"value": NEW}})
    named = [one["change"]["person"] for one in cures(api) if "person" in one["change"]]
    assert len(named) == len(set(named)) == 2


def test_each_cure_is_told_once(api: Api, people: People) -> None:
    update(api, people, people["weavr_multi", "ada"].password or "", "short")
    told = [one["sentence"] for one in cures(api)]
    assert sorted(set(told)) == sorted(told)
    assert len(told) > 1


@pytest.mark.parametrize(
    "limit",
    [
        *(b'"--5"', '"²"'.encode(), b'"%s"' % (b"5" * 5_000), b"5" * 30),
        *(b"5" * 400, b"[" * 5_000, b'"\\ud800"', b"NaN"),
    ],
)
def test_whatever_stands_in_a_field_is_looked_at(api: Api, people: People, limit: bytes) -> None:
    headers = {**people["zitadel", "otto"].headers, "content-type": "application/json"}
    for content in (b'{"query":{"limit":%s}}' % limit, b'{"query":{"limit":%s},}' % limit):
        assert api.request("POST", "/v2/users", content=content, headers=headers).status == 400
        assert what_if(api).status == 200


def test_moments_are_looked_for_though_a_session_lasts_to_the_end_of_the_calendar(api: Api, people: People) -> None:
    mini = people["zitadel", "mini"]
    checks = {"user": {"userId": mini.id}, "password": {"password": mini.password}}
    body = {"checks": checks, "lifetime": "315576000000s"}
    session = api.call("zitadel.create_session", headers=people["zitadel", "login"].headers, body=body)
    bearer = {"authorization": f"Bearer {session.body['sessionToken']}"}
    wrong = {"newPassword": {"password": "Fr3shly-Ch0sen!"}, "currentPassword": "Wrong-Secret-42!"}
    assert api.call("zitadel.set_password", path={"userId": mini.id}, headers=bearer, body=wrong).status == 400
    assert what_if(api).body["cures"]


@outcome("admin.what_if", 400, "malformed")
def test_an_id_that_is_none_is_refused(api: Api) -> None:
    assert what_if(api, "7").status == 400


@outcome("admin.what_if", 404, "no-such-entry")
def test_what_is_not_in_the_journal_is_not_looked_at(api: Api) -> None:
    assert what_if(api).body["code"] == "no-such-entry"


@outcome("admin.what_if", 404, "journal-off")
def test_without_a_journal_nothing_is_looked_at() -> None:
    with asyncio.Runner() as runner:
        api = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, journal=0)), runner, None)
        assert what_if(api).body["code"] == "journal-off"


@outcome("admin.what_if", 409, "not-replayable")
def test_a_page_is_not_looked_at(api: Api) -> None:
    api.request("POST", "/docs/")
    assert what_if(api).body["code"] == "not-replayable"


@outcome("admin.what_if", 410, "entry-gone")
def test_a_request_that_the_journal_has_dropped_is_gone(api: Api, people: People) -> None:
    start(api, people)
    entry = api.call("admin.journal").body["entries"][0]["id"]
    api.call("admin.clear_journal")
    assert what_if(api, entry).body["code"] == "entry-gone"


@outcome("admin.what_if", 410, "gone")
def test_a_state_that_is_not_remembered_is_gone(api: Api, people: People, sandbox: Callable[[], Sandbox]) -> None:
    resume(api, people, "999999")
    for _ in range(api.built.imitated.sandboxes.history + 1):
        sandbox().set_clock(sandbox().clock)
    assert what_if(api).body["code"] == "gone"
