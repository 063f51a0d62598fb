"""Signing in: how users are found, how passwords are checked, and what the token of a session allows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ManualClock, Response, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import NEW, Zitadel, details, refusal
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.records import User

MINI = "V3ryS3cure!"
WRONG = "Wr0ng-One!"
NOT_AUTHENTICATED = (403, 7, "authentication required (AUTHZ-Kl3p0)")


def bearer(token: str) -> dict[str, str]:
    """Make the header with a token."""
    return {"Authorization": f"Bearer {token}"}


def started(answer: Response) -> tuple[str, str]:
    """Read the id and the token of a session that was started."""
    assert answer.status == 201
    return answer.body["sessionId"], answer.body["sessionToken"]


def listed(zitadel: Zitadel, headers: Mapping[str, str]) -> Response:
    """List sessions, which every caller may."""
    return zitadel.api.call("zitadel.list_sessions", body={}, headers=headers)


def user(name: str = "mini") -> dict[str, Any]:
    """Check a user."""
    return {"user": {"loginName": f"{name}@mouse.example"}}


def password(text: str) -> dict[str, Any]:
    """Check a password."""
    return {"checks": {"password": {"password": text}}}


def test_a_session_has_an_id_and_a_token_and_belongs_to_the_instance(zitadel: Zitadel) -> None:
    body = zitadel.sign_in("mini", MINI).body
    assert body["details"] == {
        "sequence": "4",
        "changeDate": "2026-01-15T12:00:00Z",
        "resourceOwner": "269629023906488000",
    }
    assert body["sessionId"].isdigit()
    assert len(body["sessionId"]) == 18
    assert len(body["sessionToken"]) == 43


def test_a_session_needs_no_checks(zitadel: Zitadel) -> None:
    bodies: list[dict[str, object]] = [{}, {"checks": {}}, {"checks": None}, {"metadata": {"a": "Yg=="}}]
    for body in bodies:
        assert zitadel.session(body).status == 201


@proves("zitadel.session.user")
def test_users_are_found_by_id_and_by_login_name_in_any_case(zitadel: Zitadel) -> None:
    by_id = {"checks": {"user": {"userId": zitadel.person("mini").id}}}
    assert zitadel.session(by_id).status == 201
    by_name = {"checks": {"user": {"loginName": "MINI@Mouse.Example"}}}
    assert zitadel.session(by_name).status == 201
    answer = zitadel.session({"checks": {"user": {"userId": "mini@mouse.example"}}})
    assert refusal(answer) == (404, 5, "User could not be found (QUERY-Dfbg2)")


@proves("zitadel.session.user")
@pytest.mark.parametrize("name", ["lars", "dora"])
def test_locked_and_deactivated_users_cannot_sign_in(zitadel: Zitadel, name: str) -> None:
    answer = zitadel.sign_in(name, zitadel.person(name).password)
    assert refusal(answer) == (400, 9, "Errors.User.NotActive (SESSION-Gj4ko)")


@proves("zitadel.session.password")
def test_a_password_needs_a_person_with_a_password(zitadel: Zitadel) -> None:
    alone = {"checks": {"password": {"password": MINI}}}
    assert refusal(zitadel.session(alone))[2] == "User ID missing (COMMAND-Sfw3f)"
    assert refusal(zitadel.sign_in("robot", MINI))[2] == "User could not be found (COMMAND-3n77z)"
    assert refusal(zitadel.sign_in("nora", MINI))[2] == "User has not set a password (COMMAND-3nJ4t)"
    assert refusal(zitadel.sign_in("ines", MINI))[2] == "User has not set a password (COMMAND-3nJ4t)"
    answer = zitadel.sign_in("mini", WRONG)
    assert answer.body["details"] == details("COMMAND-3M0fs", "Password is invalid")


@proves("zitadel.session.lockout")
@pytest.mark.parametrize("profile", ["documented", "v2.65", "v4.2", "v4.6"])
def test_the_lockout_policy_of_the_organisation_applies_in_every_profile(
    zitadel: Zitadel, settings: SettingsOf, profile: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    counts = [zitadel.sign_in("olga", WRONG).body["details"][0].get("failedAttempts") for _ in range(3)]
    assert counts == ([1, 2, 3] if profile in ("v4.2", "v4.6") else [None] * 3)
    assert refusal(zitadel.sign_in("olga", "Fortress0lga"))[2] == "Errors.User.NotActive (SESSION-Gj4ko)"


@proves("zitadel.session.lockout")
def test_a_right_password_resets_the_count(zitadel: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.2"})
    for _ in range(2):
        counts = [zitadel.sign_in("olga", WRONG).body["details"][0].get("failedAttempts") for _ in range(2)]
        assert counts == [1, 2]
        assert zitadel.sign_in("olga", "Fortress0lga").status == 201


@proves("zitadel.session.token")
def test_the_token_of_a_session_is_an_access_token_of_its_user(zitadel: Zitadel) -> None:
    token = zitadel.sign_in("otto", "0rg-0wner-Otto!").body["sessionToken"]
    path = f"/v2/users/{zitadel.person('mini').id}/password"
    answer = zitadel.api.request(
        "POST", path, json={"newPassword": {"password": NEW}}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 200


@proves("zitadel.auth.session")
@pytest.mark.parametrize("checks", [{}, {"user": {"loginName": "mini@mouse.example"}}], ids=["no user", "no password"])
def test_the_token_of_a_session_without_a_password_check_is_no_access_token(
    zitadel: Zitadel, checks: dict[str, object]
) -> None:
    token = zitadel.session({"checks": checks}).body["sessionToken"]
    assert refusal(zitadel.session({}, headers=bearer(token))) == NOT_AUTHENTICATED


@proves("zitadel.auth.session")
@pytest.mark.parametrize("proof", ["administrator", "current password", "code"])
@pytest.mark.parametrize("profile", ["documented", "v2.65", "v4.2", "v4.6"])
def test_a_change_of_the_password_takes_the_check_from_the_sessions_of_the_user(
    zitadel: Zitadel, settings: SettingsOf, proof: str, profile: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    session_id, token = started(zitadel.sign_in("mini", MINI))
    own = bearer(token)
    assert listed(zitadel, own).status == 200
    by_code = {"verificationCode": zitadel.code("mini")} if proof == "code" else {}
    fields = {"currentPassword": MINI} if proof == "current password" else by_code
    assert zitadel.change("mini", by="otto", **fields).status == 200
    assert refusal(listed(zitadel, own)) == NOT_AUTHENTICATED
    session = zitadel.on_session("get", session_id).body["session"]
    assert list(session["factors"]) == ["user"]
    checked = zitadel.on_session("set", session_id, password(NEW))
    assert checked.status == 200
    assert listed(zitadel, bearer(checked.body["sessionToken"])).status == 200
    assert "password" in zitadel.on_session("get", session_id).body["session"]["factors"]


@proves("zitadel.auth.session", "zitadel.session.lifetime")
def test_a_session_opens_nothing_once_its_lifetime_is_over_and_stays_readable(
    zitadel: Zitadel, clock: ManualClock
) -> None:
    made = zitadel.session({"checks": {**user(), **password(MINI)["checks"]}, "lifetime": "3600s"})
    session_id, token = started(made)
    clock.advance(timedelta(minutes=59, seconds=59))
    assert zitadel.session({}, headers=bearer(token)).status == 201
    clock.advance(timedelta(seconds=1))
    assert refusal(zitadel.session({}, headers=bearer(token))) == (403, 7, "session expired (AUTHZ-EGDo3)")
    assert zitadel.on_session("get", session_id).body["session"]["expirationDate"] == "2026-01-15T13:00:00Z"
    answer = zitadel.on_session("set", session_id, {"lifetime": "60s"})
    assert refusal(answer) == (400, 9, "Session has expired (COMMAND-Hkl3d)")


@proves("zitadel.auth.user")
@pytest.mark.parametrize("name", ["lars", "dora"])
def test_the_tokens_of_locked_and_deactivated_users_are_invalid_and_their_sessions_go_on(
    zitadel: Zitadel, sandbox: Callable[[], Sandbox], name: str
) -> None:
    assert refusal(zitadel.session({}, by=name)) == (401, 16, "Errors.Token.Invalid (AUTH-7fs1e)")
    token = zitadel.sign_in("mini", MINI).body["sessionToken"]
    transaction = sandbox().store.transaction()
    mini, other = (transaction.get(User, zitadel.person(one).id) for one in ("mini", name))
    assert mini is not None
    assert other is not None
    transaction.put(replace(mini, state=other.state))
    assert transaction.commit()
    assert zitadel.session({}, headers=bearer(token)).status == 201
    assert zitadel.session({}, by="mini").status == 401


@proves("zitadel.auth.session")
def test_the_token_of_a_deleted_user_is_an_internal_error(zitadel: Zitadel, sandbox: Callable[[], Sandbox]) -> None:
    session_id, token = started(zitadel.sign_in("mini", MINI))
    transaction = sandbox().store.transaction()
    transaction.delete(User, zitadel.person("mini").id)
    assert transaction.commit()
    assert refusal(zitadel.session({}, headers=bearer(token))) == (500, 13, "Errors.Internal (QUERY-Dun75)")
    factors = zitadel.on_session("get", session_id).body["session"]["factors"]
    assert set(factors["user"]) == {"verifiedAt", "id", "organizationId"}
    assert "password" in factors


@proves("zitadel.auth.session")
def test_the_token_of_an_ended_or_changed_session_is_refused(zitadel: Zitadel) -> None:
    session_id, token = started(zitadel.sign_in("mini", MINI))
    zitadel.on_session("set", session_id, {"lifetime": "60s"})
    assert refusal(zitadel.session({}, headers=bearer(token))) == (403, 7, "Errors.PermissionDenied (QUERY-dsfr3)")
    zitadel.on_session("delete", session_id)
    answer = refusal(zitadel.session({}, headers=bearer(token)))
    assert answer == (404, 5, "Errors.Session.NotExisting (QUERY-SFeaa)")


@proves("zitadel.auth.session")
def test_the_lifetime_of_sessions_without_one_is_a_setting(
    zitadel: Zitadel, settings: SettingsOf, clock: ManualClock
) -> None:
    settings.patch("zitadel", {"session_hours": 12})
    token = zitadel.sign_in("mini", MINI).body["sessionToken"]
    clock.advance(timedelta(hours=11, minutes=59))
    assert zitadel.session({}, headers=bearer(token)).status == 201
    clock.advance(timedelta(minutes=1))
    assert zitadel.session({}, headers=bearer(token)).status == 403


@proves("zitadel.current.tarpit")
def test_many_failures_delay_the_answer(zitadel: Zitadel, settings: SettingsOf, virtual_time: VirtualTime) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    with virtual_time.measure() as at_once:
        for count in range(1, 10):
            assert zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] == count
    with virtual_time.measure() as later:
        assert zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] == 10
    assert at_once.seconds == 0
    assert later.seconds == pytest.approx(1)


def test_a_frozen_clock_delays_no_answer(
    zitadel: Zitadel, settings: SettingsOf, sandbox: Callable[[], Sandbox], virtual_time: VirtualTime
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    sandbox().clock.freeze()
    with virtual_time.measure() as waited:
        counts = [zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] for _ in range(12)]
    assert (counts[-1], waited.seconds) == (12, 0)
