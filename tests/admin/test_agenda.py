"""The agenda over HTTP: what happens by itself, and that it happens at that very instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.conftest import START, Api, ManualClock, People, SettingsOf
from tests.outcomes import outcome

MICROSECOND = timedelta(microseconds=1)
NEW = "Quiet-River-42!"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """What a test needs to bring something about, and to see it."""

    api: Api
    people: People
    settings: SettingsOf

    def log_in(self, name: str, system: str = "weavr_multi", password: str | None = None) -> tuple[int, str]:
        """Log in as a user of Weavr; give the status and the token."""
        person = self.people[system, name]
        answer = self.api.call(
            f"{system}.login_with_password",
            body={"email": person.login, "password": {"value": password or person.password}},
            headers={"api-key": person.headers["api-key"]},
        )
        return answer.status, (answer.body or {}).get("token", "")

    def state(self, system: str, name: str) -> Json:
        """Read how a person is now."""
        found: Json = self.api.call("admin.person", path={"system": system, "name": name}).body
        return found


Act = Callable[[Stage], Callable[[], Any]]
"""Brings something about, and gives what to ask before and afterwards; the answers differ."""


def _lock(system: str, name: str) -> Act:
    return lambda stage: lambda: stage.log_in(name, system)[0]


def _nonce(system: str, name: str) -> Act:
    def act(stage: Stage) -> Callable[[], Any]:
        person = stage.people[system, name]
        key = {"api-key": person.headers["api-key"]}
        stage.api.call(f"{system}.start_lost_password", body={"email": person.login}, headers=key)
        body = {"email": person.login, "nonce": "123456", "newPassword": {"value": "short"}}
        return lambda: stage.api.call(f"{system}.resume_lost_password", body=body, headers=key).body["errorCode"]

    return act


def _invitation(system: str, name: str) -> Act:
    def act(stage: Stage) -> Callable[[], Any]:
        person = stage.people[system, name]
        path, body = {"user_id": person.id}, {"inviteCode": "123456"}
        return lambda: stage.api.call(f"{system}.validate_invite", path=path, body=body, headers=person.headers).status

    return act


def _idle(system: str, name: str) -> Act:
    def act(stage: Stage) -> Callable[[], Any]:
        key, token = stage.people[system, name].headers["api-key"], stage.log_in(name, system)[1]
        headers = {"api-key": key, "Authorization": f"Bearer {token}"}
        return lambda: stage.api.call(f"{system}.logout", headers=headers).status

    return act


def _password_of_weavr(system: str, name: str) -> Act:
    def act(stage: Stage) -> Callable[[], Any]:
        stage.settings.patch(system, {"programme": {"root_profile": {"expires_after": "P8D"}}})
        return lambda: stage.log_in(name, system)[0]

    return act


def _password_token(stage: Stage) -> Callable[[], Any]:
    nora = stage.people["weavr_multi", "nora"]
    body = {"values": {"password": {"value": nora.password}}}
    tokenised = stage.api.call("weavr_multi.simulate_tokenise", body=body, headers=nora.headers)
    token = tokenised.body["tokens"]["password"]
    return lambda: stage.log_in("nora", password=token)[0]


def _reference(stage: Stage) -> Callable[[], Any]:
    cyrus, mabel = (stage.people["weavr_payment_run", one] for one in ("cyrus", "mabel"))
    path, headers = {"user_id": mabel.id}, {**cyrus.headers, "idempotency-ref": "once"}

    def invite() -> int:
        stage.api.call("weavr_payment_run.invite_user", path=path, headers=headers)
        return len(stage.api.call("admin.inbox").body["messages"])

    invite()
    return invite


def _verification(stage: Stage) -> Callable[[], Any]:
    cora = stage.people["zitadel", "cora"]
    body = {"newPassword": {"password": NEW}, "verificationCode": "wrong"}
    return lambda: str(
        stage.api.call("zitadel.set_password", path={"userId": cora.id}, body=body, headers=cora.headers).body
    )


def _machine_token(stage: Stage) -> Callable[[], Any]:
    form = (
        b"grant_type=client_credentials&client_id=robot-service&client_secret=watchword-robot-client-secret"
        b"&scope=openid+urn:zitadel:iam:org:project:id:zitadel:aud"
    )
    headers = {"content-type": "application/x-www-form-urlencoded"}
    token = stage.api.request("POST", "/oauth/v2/token", content=form, headers=headers).body["access_token"]
    bearer, path = {"Authorization": f"Bearer {token}"}, {"userId": stage.people["zitadel", "mini"].id}
    return lambda: stage.api.call("zitadel.password_reset", path=path, body={"returnCode": {}}, headers=bearer).status


def _machine_key(stage: Stage) -> Callable[[], Any]:
    deputy, issued_at = stage.people["zitadel", "deputy"], int(START.timestamp())
    about = {"iss": deputy.id, "sub": deputy.id, "aud": "http://sso.example", "iat": issued_at, "exp": issued_at + 3600}
    key = RSAKey.import_key(deputy.credentials["key"]["key"])
    assertion = jwt.encode({"alg": "RS256", "kid": deputy.credentials["key"]["keyId"]}, about, key)
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    form = urlencode({"grant_type": grant, "assertion": assertion, "scope": "openid"}).encode()
    headers = {"host": "sso.example", "content-type": "application/x-www-form-urlencoded"}
    return lambda: stage.api.request("POST", "/oauth/v2/token", content=form, headers=headers).status


def _session(stage: Stage) -> Callable[[], Any]:
    by, mini = stage.people["zitadel", "login"].headers, stage.people["zitadel", "mini"]
    checks = {"user": {"userId": mini.id}, "password": {"password": mini.password}}
    body = {"checks": checks, "lifetime": "600s"}
    token = stage.api.call("zitadel.create_session", body=body, headers=by).body["sessionToken"]
    path, bearer = {"userId": mini.id}, {"Authorization": f"Bearer {token}"}
    return lambda: stage.api.call("zitadel.password_reset", path=path, body={"returnCode": {}}, headers=bearer).status


def _application_token(stage: Stage) -> Callable[[], Any]:
    console = stage.people["entrust", "console"]
    body = {"applicationId": console.id, "sharedSecret": console.password}
    token = stage.api.call("entrust.authenticate", body=body).body["authToken"]
    path, bearer = {"userid": stage.people["entrust", "ada"].id}, {"Authorization": f"Bearer {token}"}
    return lambda: stage.api.call("entrust.get_password", path=path, headers=bearer).status


def _expired_password(stage: Stage) -> Callable[[], Any]:
    return lambda: stage.state("entrust", "ada")["situations"]


def _notice(stage: Stage) -> Callable[[], Any]:
    ada = stage.people["entrust", "ada"]
    return lambda: sorted(stage.api.call("entrust.get_password", path={"userid": ada.id}, headers=ada.headers).body)


def _age(stage: Stage) -> Callable[[], Any]:
    stage.settings.patch("entrust", {"password": {"minimum_lifetime": 20}})
    ada = stage.people["entrust", "ada"]
    body = {"password": "short"}
    return lambda: stage.api.call("entrust.set_password", path={"userid": ada.id}, body=body, headers=ada.headers).body[
        "errorCode"
    ]


def _rate_limit(system: str, operation: str, name: str) -> Act:
    def act(stage: Stage) -> Callable[[], Any]:
        stage.settings.patch(system, {"rate_limits": [{"requests": 1, "seconds": 60}]})
        headers = stage.people[system, name].headers

        def ask() -> bool:
            return stage.api.call(f"{system}.{operation}", body={}, headers=headers).status == 429

        ask()
        return ask

    return act


CASES: list[tuple[str, str, str | None, Act]] = [
    ("weavr_multi", "lock-ends", "hilda", _lock("weavr_multi", "hilda")),
    ("weavr_multi", "code-expires", "ada", _nonce("weavr_multi", "ada")),
    ("weavr_multi", "invitation-expires", "mira", _invitation("weavr_multi", "mira")),
    ("weavr_multi", "token-idles-out", "ada", _idle("weavr_multi", "ada")),
    ("weavr_multi", "password-expires", "ada", _password_of_weavr("weavr_multi", "ada")),
    ("weavr_multi", "password-token-expires", None, _password_token),
    ("weavr_multi", "rate-limit-reopens", None, _rate_limit("weavr_multi", "start_lost_password", "ada")),
    ("weavr_payment_run", "lock-ends", "harry", _lock("weavr_payment_run", "harry")),
    ("weavr_payment_run", "code-expires", "bruno", _nonce("weavr_payment_run", "bruno")),
    ("weavr_payment_run", "invitation-expires", "mabel", _invitation("weavr_payment_run", "mabel")),
    ("weavr_payment_run", "token-idles-out", "bruno", _idle("weavr_payment_run", "bruno")),
    ("weavr_payment_run", "password-expires", "bruno", _password_of_weavr("weavr_payment_run", "bruno")),
    ("weavr_payment_run", "reference-forgotten", None, _reference),
    ("weavr_payment_run", "rate-limit-reopens", None, _rate_limit("weavr_payment_run", "start_lost_password", "bruno")),
    ("zitadel", "code-expires", "cora", _verification),
    ("zitadel", "token-expires", "robot", _machine_token),
    ("zitadel", "key-expires", "deputy", _machine_key),
    ("zitadel", "session-expires", "mini", _session),
    ("zitadel", "rate-limit-reopens", None, _rate_limit("zitadel", "list_sessions", "mini")),
    ("entrust", "token-expires", "console", _application_token),
    ("entrust", "password-expires", "ada", _expired_password),
    ("entrust", "notice-passes", "ada", _notice),
    ("entrust", "password-may-change", "ada", _age),
    ("entrust", "rate-limit-reopens", None, _rate_limit("entrust", "authenticate", "console")),
]


@pytest.fixture
def stage(api: Api, people: People, settings: SettingsOf) -> Stage:
    """Give everything that a case needs."""
    return Stage(api, people, settings)


def agenda(api: Api) -> list[Json]:
    """Read the agenda."""
    answer = api.call("admin.agenda")
    assert answer.status == 200
    found: list[Json] = answer.body["events"]
    return found


def find(api: Api, system: str, kind: str, person: str | None) -> list[Json]:
    """Find events of one kind."""
    return [one for one in agenda(api) if (one["system"], one["kind"], one["person"]) == (system, kind, person)]


@outcome("admin.agenda", 200, "events")
@pytest.mark.parametrize(("system", "kind", "person", "act"), CASES, ids=[f"{one[0]}-{one[1]}" for one in CASES])
def test_an_answer_differs_at_the_very_instant_of_an_event(
    stage: Stage, system: str, kind: str, person: str | None, act: Act
) -> None:
    def ask(offset: timedelta | None) -> Any:
        """Ask in a sandbox of its own, because a request may change something: a use extends a token."""
        stage.api.call("admin.reset")
        # Between two milliseconds, so that a moment that is cut to one is noticed.
        stage.api.call("admin.set_clock", body={"action": "freeze", "to": "2026-01-15T12:00:00.000750Z"})
        question = act(stage)
        (event,) = find(stage.api, system, kind, person)
        at = datetime.fromisoformat(event["at"])
        if offset is not None:
            stage.api.call("admin.set_clock", body={"action": "set", "to": (at + offset).isoformat()})
            assert find(stage.api, system, kind, person) == ([event] if offset < timedelta(0) else [])
        return question()

    now, early, late = (ask(one) for one in (None, -MICROSECOND, timedelta(0)))
    assert early == now
    assert late != early


def test_events_are_listed_soonest_first(api: Api) -> None:
    moments = [one["at"] for one in agenda(api)]
    assert moments == sorted(moments)
    assert len(moments) > 5


@outcome("admin.set_clock", 200, "frozen")
@outcome("admin.set_clock", 200, "running")
def test_the_clock_moves_to_the_next_event_and_no_further(api: Api, clock: ManualClock) -> None:
    for frozen in (False, True):
        api.call("admin.reset")
        if frozen:
            api.call("admin.set_clock", body={"action": "freeze"})
        first, *others = agenda(api)
        moved = api.call("admin.set_clock", body={"action": "advance", "to": "next"})
        assert (moved.status, moved.body["frozen"]) == (200, frozen)
        assert clock.now() == datetime.fromisoformat(first["at"])
        assert agenda(api) == [one for one in others if one["at"] != first["at"]]


@outcome("admin.set_clock", 409, "nothing-ahead")
def test_when_nothing_is_ahead_the_clock_stays(api: Api, clock: ManualClock) -> None:
    while (moved := api.call("admin.set_clock", body={"action": "advance", "to": "next"})).status == 200:
        before = clock.now()
    assert (moved.status, moved.body["code"]) == (409, "nothing-ahead")
    assert clock.now() == before
    assert agenda(api) == []


def test_a_person_who_was_made_is_named(api: Api) -> None:
    api.call("admin.make_person", body={"system": "weavr_multi", "name": "mallory", "situations": ["locked"]})
    assert find(api, "weavr_multi", "lock-ends", "mallory")


def test_what_a_rate_limit_is_about_is_no_event_once_it_is_taken_back(stage: Stage) -> None:
    _rate_limit("weavr_multi", "start_lost_password", "ada")(stage)
    stage.settings.patch("weavr_multi", {"rate_limits": []})
    assert find(stage.api, "weavr_multi", "rate-limit-reopens", None) == []


def test_a_lock_of_who_is_inactive_is_no_event(stage: Stage) -> None:
    stage.settings.patch("weavr_multi", {"deactivated": [stage.people["weavr_multi", "hilda"].id]})
    assert find(stage.api, "weavr_multi", "lock-ends", "hilda") == []
