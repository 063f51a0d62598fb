"""Tokens for machines: who gets one, for how long, and how the others are refused."""

import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.conftest import START, Api, ManualClock, People, Response, SettingsOf
from tests.outcomes import outcome, proves
from watchword.build import Built
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.records import User, UserState

HOST = "sso.example:7070"
ISSUER = f"http://{HOST}"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
OTHER_KEY = RSAKey.generate_key(2048, auto_kid=False)


class Tokens:
    """A client of the token endpoint."""

    def __init__(self, api: Api, people: People) -> None:
        self.api, self.machine = api, people["zitadel", "robot"]
        self.credentials = self.machine.credentials
        self.key = RSAKey.import_key(self.credentials["key"]["key"])

    def ask(self, *, headers: Any = None, **form: str) -> Response:
        """Send a form."""
        sent = {"host": HOST, "content-type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.api.request("POST", "/oauth/v2/token", content=urlencode(form).encode(), headers=sent)

    def by_secret(self, **form: str) -> Response:
        """Send client credentials in the form."""
        own = {"client_id": self.credentials["clientId"], "client_secret": self.credentials["clientSecret"]}
        return self.ask(grant_type="client_credentials", **{**own, **form})

    def assertion(self, now: datetime, *, key: RSAKey | None = None, header: Any = None, **claims: Any) -> str:
        """Sign a valid assertion, changed by *header* and *claims*; None removes one."""
        right = {
            "iss": self.machine.id,
            "sub": self.machine.id,
            "aud": ISSUER,
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 3600,
        }
        named = {"alg": "RS256", "kid": self.credentials["key"]["keyId"], **(header or {})}
        head = {name: value for name, value in named.items() if value is not None}
        payload = {name: value for name, value in {**right, **claims}.items() if value is not None}
        return jwt.encode(head, payload, key or self.key, algorithms=[head["alg"]])

    def by_key(self, now: datetime, **changes: Any) -> Response:
        """Send an assertion."""
        return self.ask(grant_type=ASSERTION, assertion=self.assertion(now, **changes), scope="openid")


@pytest.fixture
def tokens(api: Api, people: People) -> Tokens:
    """A client with the credentials of the seed machine."""
    return Tokens(api, people)


def is_accepted(api: Api, answer: Response) -> bool:
    """Whether the token in *answer* is accepted."""
    headers = {"authorization": f"Bearer {answer.body['access_token']}"}
    return api.call("zitadel.create_session", body={}, headers=headers).status == 201


@outcome("zitadel.openid_configuration", 200, "configuration")
def test_the_issuer_is_the_address_that_was_called(api: Api) -> None:
    found = api.request("GET", "/.well-known/openid-configuration", headers={"host": HOST}).body
    assert (found["issuer"], found["token_endpoint"]) == (ISSUER, f"{ISSUER}/oauth/v2/token")


def test_the_issuer_includes_the_path_of_a_sandbox(api: Api) -> None:
    path = f"/~{api.sandbox}/.well-known/openid-configuration"
    assert api.request("GET", path, headers={"host": HOST}).body["issuer"] == f"{ISSUER}/~{api.sandbox}"


def test_nothing_but_the_configuration_repeats_the_address(
    api: Api, built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert built.admin is not None
    operations = {*built.imitated.document.operations, *built.admin.document.operations}
    for operation in operations - {"zitadel.openid_configuration"}:
        answer = api.call(operation, headers={"host": HOST})
        assert HOST not in f"{answer.content!r} {answer.headers} {caplog.text}", operation


@outcome("zitadel.token", 200, "token")
def test_client_credentials_get_a_token(api: Api, tokens: Tokens) -> None:
    answer = tokens.by_secret()
    assert {name: answer.body[name] for name in ("token_type", "expires_in")} == {
        "token_type": "Bearer",
        "expires_in": 43199,
    }
    assert is_accepted(api, answer)
    assert answer.headers["cache-control"] == "no-store"


@proves("zitadel.token.client")
def test_client_credentials_may_be_in_the_header(api: Api, tokens: Tokens) -> None:
    basic = b64encode(b"robot%2Dservice:watchword-robot-client-secret").decode()
    answer = tokens.ask(grant_type="client_credentials", headers={"authorization": f"Basic {basic}"})
    assert is_accepted(api, answer)


def test_a_signed_assertion_gets_a_token(api: Api, tokens: Tokens, clock: ManualClock) -> None:
    assert is_accepted(api, tokens.by_key(clock.now()))
    assert is_accepted(api, tokens.by_key(clock.now(), aud=["https://else.example", f"{ISSUER}/"]))


@proves("zitadel.token.lifetime")
def test_a_token_is_valid_for_twelve_hours(api: Api, tokens: Tokens, clock: ManualClock) -> None:
    answer = tokens.by_secret()
    clock.advance(timedelta(hours=12, seconds=-1))
    assert is_accepted(api, answer)
    clock.advance(timedelta(seconds=1))
    assert not is_accepted(api, answer)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param({}, ("invalid_request", "grant_type missing"), id="nothing"),
        pytest.param({"grant_type": "client_credentials"}, ("invalid_request", "client_id missing"), id="no client"),
    ],
)
@outcome("zitadel.token", 400, "invalid_request")
@proves("zitadel.token.grant", "zitadel.token.client")
def test_a_missing_field_is_named(tokens: Tokens, form: dict[str, str], expected: tuple[str, str]) -> None:
    answer = tokens.ask(**form)
    assert (answer.status, answer.body["error"], answer.body["error_description"]) == (400, *expected)


@outcome("zitadel.token", 400, "unsupported_grant_type")
@proves("zitadel.token.grant")
def test_other_grant_types_are_not_served(tokens: Tokens) -> None:
    answer = tokens.ask(grant_type="password", username="mini", password="V3ryS3cure!")
    assert (answer.status, answer.body["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"client_secret": "guessed"}, id="wrong secret"),
        pytest.param({"client_secret": ""}, id="no secret"),
        pytest.param({"client_id": "mini@mouse.example"}, id="no client"),
    ],
)
@outcome("zitadel.token", 401, "invalid_client")
@proves("zitadel.token.secret")
def test_an_unknown_client_and_a_wrong_secret_are_refused(tokens: Tokens, wrong: dict[str, str]) -> None:
    answer = tokens.by_secret(**wrong)
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("header", ["Basic", "Basic ***", "Basic bm9jb2xvbg==", "Basic //8="])
def test_a_header_without_readable_credentials_is_refused(tokens: Tokens, header: str) -> None:
    answer = tokens.ask(grant_type="client_credentials", headers={"authorization": header})
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"header": {"kid": "1"}}, "its key is unknown", id="unknown key"),
        pytest.param({"header": {"kid": None}}, "names its key", id="no key"),
        pytest.param({"key": OTHER_KEY}, "signature", id="another key"),
        pytest.param({"header": {"alg": "RS512"}}, "signature", id="another algorithm"),
        pytest.param({"iss": "1"}, "iss and sub", id="another issuer"),
        pytest.param({"sub": "1"}, "iss and sub", id="another subject"),
        pytest.param({"iss": "1", "sub": "1"}, "iss and sub", id="another issuer and subject"),
        pytest.param({"aud": "https://else.example"}, "aud", id="another audience"),
        pytest.param({"aud": None}, "aud", id="no audience"),
        pytest.param({"exp": 1}, "expired", id="expired"),
        pytest.param({"exp": None}, "expired", id="no expiry"),
        pytest.param({"iat": 1}, "iat", id="old"),
        pytest.param({"iat": None}, "iat", id="no issue time"),
        pytest.param({"iat": 10**20, "exp": 4102444800}, "iat", id="an impossible issue time"),
    ],
)
@outcome("zitadel.token", 400, "invalid_grant")
@proves("zitadel.token.signature", "zitadel.token.assertion")
def test_a_wrong_assertion_is_refused(tokens: Tokens, clock: ManualClock, changes: dict[str, Any], reason: str) -> None:
    answer = tokens.by_key(clock.now(), **changes)
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")
    assert reason in answer.body["error_description"]
    assert HOST not in f"{answer.content!r} {answer.headers}"


@pytest.mark.parametrize("assertion", ["", "a", "a.b.c", "e30.e30.e30", "ü.ü.ü", "." * 1000])
def test_a_text_that_is_not_an_assertion_is_refused(tokens: Tokens, assertion: str) -> None:
    answer = tokens.ask(grant_type=ASSERTION, assertion=assertion)
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")


@proves("zitadel.token.assertion")
def test_an_assertion_may_be_an_hour_old(tokens: Tokens) -> None:
    later = int(START.timestamp()) + 1
    assert tokens.by_key(START - timedelta(hours=1), exp=later).status == 200
    assert tokens.by_key(START - timedelta(hours=1, seconds=1), exp=later).status == 400


@proves("zitadel.token.assertion")
def test_assertions_are_compared_with_the_real_time_instead_of_the_sandboxs(tokens: Tokens, clock: ManualClock) -> None:
    clock.advance(timedelta(days=1))
    assert tokens.by_key(START).status == 200
    assert tokens.by_key(clock.now()).status == 400


@proves("zitadel.token.user")
def test_a_deactivated_machine_gets_no_token(tokens: Tokens, sandbox: Callable[[], Sandbox]) -> None:
    transaction = sandbox().store.transaction()
    machine = transaction.get(User, tokens.machine.id)
    assert machine is not None
    transaction.put(replace(machine, state=UserState.INACTIVE))
    assert transaction.commit()
    assert tokens.by_secret().body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("operation", "setting", "status"),
    [
        pytest.param(operation, setting, status, id=f"{operation} {status}", marks=outcome(operation, status, name))
        for operation in ("zitadel.openid_configuration", "zitadel.token")
        for setting, status, name in (
            ({"failing": True}, 500, "INTERNAL"),
            ({"maintenance": True}, 503, "UNAVAILABLE"),
            ({"rate_limits": [{"requests": 1, "seconds": 60}]}, 429, "RESOURCE_EXHAUSTED"),
        )
    ],
)
def test_the_common_settings_apply_to_both_operations(
    api: Api, settings: SettingsOf, operation: str, setting: dict[str, Any], status: int
) -> None:
    settings.patch("zitadel", setting)
    api.call(operation)
    assert api.call(operation).status == status


def _token(header: object, payload: object = None) -> str:
    parts = [orjson.dumps(header), orjson.dumps(payload if payload is not None else {"iss": "x"}), b"signature"]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


ODD_VALUES: list[object] = ["alg", "kid", "", 1, 1.5, True, None, [], ["alg", "kid"], {}, {"kid": {}}, [[["kid"]]]]


@outcome("zitadel.token", 400, "invalid_grant")
@pytest.mark.parametrize("header", ODD_VALUES, ids=repr)
def test_an_assertion_whose_header_is_any_json_value_is_refused(tokens: Tokens, header: object) -> None:
    answer = tokens.ask(grant_type=ASSERTION, assertion=_token(header), scope="openid")
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")


@outcome("zitadel.token", 400, "invalid_grant")
@pytest.mark.parametrize("name", ["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "zip"])
def test_an_assertion_whose_header_has_any_json_value_in_it_is_refused(tokens: Tokens, name: str) -> None:
    own = {"alg": "RS256", "kid": tokens.credentials["key"]["keyId"]}
    for value in ODD_VALUES:
        answer = tokens.ask(grant_type=ASSERTION, assertion=_token({**own, name: value}), scope="openid")
        assert (answer.status, answer.body["error"]) == (400, "invalid_grant"), value


@outcome("zitadel.token", 400, "invalid_grant")
@pytest.mark.parametrize(
    "assertion", ["", ".", "..", "a.b.c", "....", "\x00.\x00.\x00", "ä.ö.ü", "W10.W10.W10", "e30" * 1000]
)
def test_an_assertion_that_is_no_token_is_refused(tokens: Tokens, assertion: str) -> None:
    answer = tokens.ask(grant_type=ASSERTION, assertion=assertion, scope="openid")
    assert (answer.status, answer.body["error"]) in ((400, "invalid_grant"), (400, "invalid_request"))
