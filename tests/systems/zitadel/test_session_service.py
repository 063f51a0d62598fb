"""Starting, changing, reading, listing and ending sessions: who may, and what becomes of them, by release."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ManualClock, Response, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, refusal
from tests.systems.zitadel.test_sessions import MINI, WRONG, password, started, user

PROFILES = ["documented", "v2.65", "v4.2", "v4.6"]
NO_ROLE = "membership not found (AUTHZ-cdgFk)"
NO_PERMISSION = "No matching permissions found (AUTH-AWfge)"
OK = ""


@pytest.fixture(params=["", "_v2beta"], ids=["v2", "v2beta"])
def sessions(request: pytest.FixtureRequest, zitadel: Zitadel) -> Zitadel:
    """Both packages."""
    return Zitadel(zitadel.api, zitadel.people, request.param)


def said(answer: Response) -> str:
    """Read the message of a refusal; empty for a success."""
    return "" if answer.status < 400 else str(answer.body["message"])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("by", ["login", "iris", "otto", "mini", "vera", "robot", "petra"])
@proves("zitadel.session.write")
def test_since_v4_only_owners_of_the_instance_and_sign_in_pages_start_sessions(
    sessions: Zitadel, settings: SettingsOf, profile: str, by: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    allowed = profile in ("documented", "v2.65") or by in ("login", "iris")
    assert said(sessions.sign_in("mini", MINI, by=by)) == (OK if allowed else NO_ROLE)


@proves("zitadel.session.write")
def test_the_user_is_looked_up_before_the_permission_and_the_password_after_it(
    zitadel: Zitadel, settings: SettingsOf
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    assert said(zitadel.session({"checks": {"user": {"loginName": "x"}}}, by="otto")).endswith("(QUERY-Dfbg2)")
    assert said(zitadel.sign_in("lars", WRONG, by="otto")).endswith("(SESSION-Gj4ko)")
    assert said(zitadel.sign_in("mini", WRONG, by="otto")) == NO_ROLE
    assert zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] == 1


@proves("zitadel.session.search")
@pytest.mark.parametrize("profile", PROFILES)
def test_a_check_of_nobody_is_not_implemented_before_v46_and_not_valid_since(
    sessions: Zitadel, settings: SettingsOf, profile: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    answer = sessions.session({"checks": {"user": {}}})
    if profile == "v4.6":
        assert (answer.status, answer.body["message"].endswith("CheckUser.Search: value is required")) == (400, True)
    else:
        assert refusal(answer) == (501, 12, "user search <nil> not implemented (SESSION-d3b4g0)")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"lifetime": "0s"}, "invalid CreateSessionRequest.Lifetime: value must be greater than 0s"),
        ({"lifetime": "-1s"}, "invalid CreateSessionRequest.Lifetime: value must be greater than 0s"),
        ({"lifetime": "x"}, 'proto: (line 1:13): invalid google.protobuf.Duration value "***"'),
        ({"lifetime": "315576000001s"}, 'proto: (line 1:13): invalid google.protobuf.Duration value "***"'),
        ({"lifetime": 60}, "proto: syntax error (line 1:13): unexpected token ***"),
        ({"metadata": {"a": "%"}}, 'proto: (line 1:18): invalid value for bytes type: "***"'),
        ({"metadata": ["a"]}, "proto: syntax error (line 1:13): unexpected token ["),
        ({"metadata": {"a": 5}}, "proto: (line 1:18): invalid value for bytes type: ***"),
    ],
)
@proves("zitadel.json.mapping", "zitadel.validate.first")
def test_unreadable_and_empty_lifetimes_and_unreadable_metadata_are_refused(
    zitadel: Zitadel, body: dict[str, Any], message: str
) -> None:
    assert said(zitadel.session(body)) == message


@pytest.mark.parametrize("lifetime", ["1s", "0.5s", "1.000000001s", "315576000000s", None])
def test_lifetimes_that_are_durations(zitadel: Zitadel, lifetime: str | None) -> None:
    assert zitadel.session({"lifetime": lifetime}).status == 201


@proves("zitadel.session.totp", "zitadel.session.intent")
def test_checks_of_other_factors_fail(sessions: Zitadel) -> None:
    totp = sessions.session({"checks": {**user(), "totp": {"code": "123456"}}})
    assert refusal(totp) == (400, 9, "Multifactor OTP (OneTimePassword) isn't ready (COMMAND-3Mif9s)")
    intent = sessions.session({"checks": {**user(), "idpIntent": {"idpIntentId": "1", "idpIntentToken": "x"}}})
    assert refusal(intent) == (403, 7, "Intent Token is invalid (CRYPTO-Swg31)")


def test_challenges_come_back_without_any(sessions: Zitadel) -> None:
    assert sessions.session({"challenges": {}}).body["challenges"] == {}
    assert "challenges" not in sessions.session({}).body


def test_a_session_shows_what_was_checked_and_said(sessions: Zitadel) -> None:
    agent = {"fingerprintId": "f1", "ip": "192.0.2.7", "description": "browser", "header": {"x": {"values": ["1"]}}}
    told = {"metadata": {"a": "aGk=", "b": "eA"}, "userAgent": agent, "lifetime": "3600s"}
    session_id, token = started(sessions.session({"checks": {**user(), **password(MINI)["checks"]}, **told}))
    now = "2026-01-15T12:00:00Z"
    assert sessions.on_session("get", session_id, token=token).body == {
        "session": {
            "id": session_id,
            "creationDate": now,
            "changeDate": now,
            "sequence": "6",
            "factors": {
                "user": {
                    "verifiedAt": now,
                    "id": sessions.person("mini").id,
                    "loginName": "mini@mouse.example",
                    "displayName": "mini x",
                    "organizationId": "69629023906488334",
                },
                "password": {"verifiedAt": now},
            },
            "metadata": {"a": "aGk=", "b": "eA=="},
            "userAgent": agent,
            "expirationDate": "2026-01-15T13:00:00Z",
        }
    }


READERS = {
    **dict.fromkeys(("login", "iris", "otto", "robot", "mini"), OK),
    **dict.fromkeys(("vera", "petra"), NO_PERMISSION),
    "cora": NO_ROLE,
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("by", list(READERS))
@proves("zitadel.session.read")
def test_who_reads_a_session_without_its_token(sessions: Zitadel, settings: SettingsOf, profile: str, by: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, token = started(sessions.sign_in("mini", MINI))
    guarded = profile in ("v4.2", "v4.6")
    assert said(sessions.on_session("get", session_id, by=by)) == (READERS[by] if guarded else OK)
    assert said(sessions.on_session("get", session_id, by=by, token=token)) == OK
    wrong = said(sessions.on_session("get", session_id, by=by, token="x"))
    assert wrong == "Errors.PermissionDenied (QUERY-dsfr3)"


def test_the_token_in_the_query_may_have_its_other_name(zitadel: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    session_id, token = started(zitadel.sign_in("mini", MINI))
    path = f"/v2/sessions/{session_id}?session_token={token}"
    assert zitadel.api.request("GET", path, headers=zitadel.person("cora").headers).status == 200


@pytest.mark.parametrize("profile", PROFILES)
def test_an_empty_token_is_none_and_not_valid_in_v46(zitadel: Zitadel, settings: SettingsOf, profile: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, _ = started(zitadel.sign_in("mini", MINI))
    invalid = "invalid GetSessionRequest.SessionToken: value length must be between 1 and 200 runes, inclusive"
    assert said(zitadel.on_session("get", session_id, token="")) == (invalid if profile == "v4.6" else OK)


@proves("zitadel.session.exists")
@pytest.mark.parametrize("by", ["iris", "mini"])
def test_an_unknown_session_and_one_that_has_ended_do_not_exist(sessions: Zitadel, by: str) -> None:
    session_id, token = started(sessions.sign_in("mini", MINI))
    sessions.on_session("delete", session_id)
    for one, given in (("1", None), ("1", "x"), (session_id, token), (session_id, None)):
        assert said(sessions.on_session("get", one, by=by, token=given)) == "Session does not exist (QUERY-SFeaa)"


@proves("zitadel.session.write")
@pytest.mark.parametrize(
    ("profile", "by", "token", "message"),
    [
        ("v2.65", "cora", "wrong", OK),
        ("v2.65", "cora", None, OK),
        ("v4.2", "cora", "right", OK),
        ("v4.2", "cora", "wrong", "Session Token is invalid (COMMAND-hi6Ph)"),
        ("v4.2", "iris", "wrong", "Session Token is invalid (COMMAND-hi6Ph)"),
        ("v4.2", "iris", "old", "Session Token is invalid (COMMAND-sGr42)"),
        ("v4.2", "iris", "another's", "Session Token is invalid (COMMAND-sGr42)"),
        ("v4.2", "iris", None, OK),
        ("v4.2", "mini", None, NO_ROLE),
        ("v4.2", "otto", None, NO_PERMISSION),
        ("v4.6", "iris", "wrong", OK),
        ("v4.6", "login", "old", OK),
        ("v4.6", "robot", "right", NO_PERMISSION),
        ("v4.6", "mini", "right", NO_ROLE),
    ],
)
def test_who_changes_a_session(
    sessions: Zitadel, settings: SettingsOf, *, profile: str, by: str, token: str | None, message: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, old = started(sessions.sign_in("mini"))
    newest = sessions.on_session("set", session_id, {"lifetime": "60s"}).body["sessionToken"]
    other = started(sessions.sign_in("mini"))[1]
    tokens = {"right": newest, "old": old, "wrong": "x", "another's": other}
    sent = {} if token is None else {"sessionToken": tokens[token]}
    assert said(sessions.on_session("set", session_id, {**sent, **password(MINI)}, by=by)) == message


def test_a_change_gives_a_new_token_and_nothing_to_change_gives_none(sessions: Zitadel) -> None:
    session_id, first = started(sessions.sign_in("mini"))
    assert set(sessions.on_session("set", session_id, {}).body) == {"details"}
    assert sessions.on_session("set", session_id, {"metadata": {"a": ""}}).body["details"]["sequence"] == "3"
    checked = sessions.on_session("set", session_id, password(MINI)).body
    assert checked["details"]["sequence"] == "5"
    assert checked["sessionToken"] != first


@proves("zitadel.session.metadata")
def test_metadata_that_is_given_replaces_all_and_empty_values_are_ignored(sessions: Zitadel) -> None:
    session_id, _ = started(sessions.session({"metadata": {"a": "aGk=", "b": "eA=="}}))
    sessions.on_session("set", session_id, {"metadata": {"a": "eW8=", "c": ""}})
    assert sessions.on_session("get", session_id).body["session"]["metadata"] == {"a": "eW8="}


@proves("zitadel.session.same_user")
def test_a_session_keeps_its_user(sessions: Zitadel) -> None:
    session_id, _ = started(sessions.session({}))
    assert said(sessions.on_session("set", session_id, password(MINI))) == "User ID missing (COMMAND-Sfw3f)"
    for _ in range(2):
        assert sessions.on_session("set", session_id, {"checks": user()}).status == 200
    answer = sessions.on_session("set", session_id, {"checks": user("cora")})
    assert refusal(answer) == (400, 3, "user change not possible ()")
    assert answer.body["details"] == [
        {"@type": "type.googleapis.com/zitadel.v1.ErrorDetail", "message": "user change not possible"}
    ]


@proves("zitadel.session.ended")
def test_a_session_that_has_ended_is_not_changed_and_one_that_nobody_started_has_no_details(sessions: Zitadel) -> None:
    session_id, _ = started(sessions.sign_in("mini"))
    sessions.on_session("delete", session_id)
    ended = sessions.on_session("set", session_id, {"lifetime": "60s"})
    assert refusal(ended) == (400, 9, "Session already terminated (COMMAND-Hewfq)")
    assert sessions.on_session("set", "1", {}).body == {"details": {}}


@proves("zitadel.session.locked")
@pytest.mark.parametrize(("profile", "reported"), [("v2.65", False), ("v4.2", True), ("v4.6", True)])
def test_wrong_passwords_lock_and_the_password_of_a_locked_user_is_not_compared(
    sessions: Zitadel, settings: SettingsOf, *, profile: str, reported: bool
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, _ = started(sessions.sign_in("olga"))
    for _ in range(3):
        assert said(sessions.on_session("set", session_id, password(WRONG))).endswith("(COMMAND-3M0fs)")
    answer = sessions.on_session("set", session_id, password("Fortress0lga"))
    assert refusal(answer) == (400, 9, "Errors.User.Locked (COMMAND-JLK35)")
    assert answer.body["details"][0].get("failedAttempts") == (3 if reported else None)


@proves("zitadel.session.delete")
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("by", list(READERS))
def test_who_ends_a_session(sessions: Zitadel, settings: SettingsOf, profile: str, by: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, token = started(sessions.sign_in("mini", MINI))
    assert said(sessions.on_session("delete", session_id, by=by)) == READERS[by]
    wrong = said(sessions.on_session("delete", session_id, {"sessionToken": "x"}, by=by))
    assert wrong == "Session Token is invalid (COMMAND-hi6Ph)"
    for _ in range(2):
        ended = sessions.on_session("delete", session_id, {"sessionToken": token}, by=by)
        assert ended.body["details"]["sequence"] == "5"


@proves("zitadel.session.delete")
def test_in_v265_whoever_started_a_session_ends_it(sessions: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    session_id, _ = started(sessions.sign_in("mini", by="cora"))
    assert said(sessions.on_session("delete", session_id, by="cora")) == OK
    others, _ = started(sessions.sign_in("mini", by="login"))
    assert said(sessions.on_session("delete", others, by="cora")) == NO_ROLE
    assert sessions.on_session("delete", "1", by="iris").body == {"details": {}}


def _list(sessions: Zitadel, *queries: Any, by: str = "login", **more: Any) -> tuple[str | None, list[str]]:
    """List sessions: how many there are, and the ids of those that are shown."""
    body = {"queries": list(queries), **more}
    name = f"zitadel.list_sessions{sessions.package}"
    answer = sessions.api.call(name, body=body, headers=sessions.person(by).headers)
    assert answer.status == 200, answer.body
    return answer.body["details"].get("totalResult"), [one["id"] for one in answer.body.get("sessions", ())]


@proves("zitadel.sessions.own")
def test_in_v265_a_list_has_what_the_caller_started(sessions: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    mine, _ = started(sessions.sign_in("mini", by="cora"))
    started(sessions.sign_in("cora", by="login"))
    assert _list(sessions, by="cora") == ("1", [mine])
    assert _list(sessions, by="mini") == (None, [])


@proves("zitadel.sessions.visible")
@pytest.mark.parametrize("profile", ["v4.2", "v4.6"])
def test_since_v4_a_list_is_counted_and_cut_before_it_leaves_out_what_may_not_be_read(
    sessions: Zitadel, settings: SettingsOf, clock: ManualClock, profile: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    first, _ = started(sessions.sign_in("mini"))
    clock.advance(timedelta(seconds=1))
    second, _ = started(sessions.sign_in("olga"))
    assert _list(sessions, by="login") == ("2", [first, second])
    assert _list(sessions, by="otto") == ("2", [first])
    assert _list(sessions, by="olga") == ("2", [second])
    assert _list(sessions, by="cora") == ("2", [])
    assert _list(sessions, by="olga", query={"limit": 1}) == ("2", [])
    assert _list(sessions, by="login", query={"offset": "1"}) == ("2", [second])
    by_creation = {"sortingColumn": "SESSION_FIELD_NAME_CREATION_DATE"}
    assert _list(sessions, by="login", **by_creation)[1] == [second, first]
    assert _list(sessions, by="login", query={"asc": True}, **by_creation)[1] == [first, second]


def test_queries_are_all_fulfilled(sessions: Zitadel, settings: SettingsOf, clock: ManualClock) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.2"})
    agent = {"userAgent": {"fingerprintId": "f1"}, "lifetime": "3600s"}
    mini, _ = started(sessions.session({"checks": user("mini"), **agent}))
    clock.advance(timedelta(seconds=1))
    cora, _ = started(sessions.session({"checks": user("cora")}, by="iris"))
    ids = {"idsQuery": {"ids": [mini, cora, "1"]}}
    assert _list(sessions, ids)[1] == [mini, cora]
    assert _list(sessions, ids, {"userIdQuery": {"id": sessions.person("cora").id}})[1] == [cora]
    assert _list(sessions, ids, {"creatorQuery": {}})[1] == [mini]
    assert _list(sessions, {"creatorQuery": {"id": sessions.person("iris").id}})[1] == [cora]
    assert _list(sessions, {"userAgentQuery": {"fingerprintId": "f1"}})[1] == [mini]
    noon = "2026-01-15T12:00:00Z"
    later = {"expirationDate": noon, "method": "TIMESTAMP_QUERY_METHOD_GREATER"}
    assert _list(sessions, {"expirationDateQuery": later})[1] == [mini]
    assert _list(sessions, {"creationDateQuery": {"creationDate": noon}})[1] == [mini]
    before = {"creationDate": noon, "method": "TIMESTAMP_QUERY_METHOD_LESS"}
    assert _list(sessions, {"creationDateQuery": before}) == (None, [])


@proves("zitadel.validate.first")
def test_queries_that_the_release_does_not_know_are_none(sessions: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    body: dict[str, Any] = {"queries": [{"idsQuery": {}}, {"creatorQuery": {}}]}
    name = f"zitadel.list_sessions{sessions.package}"
    answer = sessions.api.call(name, body=body, headers=sessions.person("iris").headers)
    assert said(answer) == (
        "invalid ListSessionsRequest.Queries[1]: embedded message failed validation"
        " | caused by: invalid SearchQuery.Query: value is required"
    )
