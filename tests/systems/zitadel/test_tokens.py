"""Tokens for machines: who gets one, what it is good for and for how long, and how the others are refused."""

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
from joserfc.jwk import KeySet, RSAKey

from tests.conftest import START, Api, ManualClock, People, Response, SettingsOf
from tests.outcomes import outcome, proves, shows
from tests.refusing import refuses
from watchword.build import Built
from watchword.domain.secret import Secret
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.assertions import verify_signature
from watchword.systems.zitadel.errors import OAuthFailure
from watchword.systems.zitadel.records import MachineKey, User, UserState

HOST = "sso.example:7070"
ISSUER = f"http://{HOST}"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FOR_API = "urn:zitadel:iam:org:project:id:zitadel:aud"
FORM = "application/x-www-form-urlencoded"
OTHER_KEY = RSAKey.generate_key(2048, auto_kid=False)
NO_CLIENT = "client_id or client_assertion must be provided"
NO_SCOPE = (
    "The scope of your request is missing. Please ensure some scopes are requested. "
    "If you have any questions, you may contact the administrator of the application."
)


class Tokens:
    """A client of the token endpoint."""

    def __init__(self, api: Api, people: People) -> None:
        self.api, self.machine = api, people["zitadel", "robot"]
        self.credentials = self.machine.credentials
        self.key = RSAKey.import_key(self.credentials["key"]["key"])
        self.own = {"client_id": self.credentials["clientId"], "client_secret": self.credentials["clientSecret"]}

    def send(self, content: bytes | str, *, query: str = "", method: str = "POST", **headers: str) -> Response:
        """Send a body as it stands."""
        sent = {
            "host": HOST,
            "content-type": FORM,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        raw = content if isinstance(content, bytes) else content.encode()
        return self.api.request(method, f"/oauth/v2/token{query}", content=raw, headers=sent)

    def ask(self, *, headers: Any = None, **form: str | None) -> Response:
        """Send a form; a field that is None is left out."""
        return self.send(
            urlencode({name: value for name, value in form.items() if value is not None}), **(headers or {})
        )

    def by_secret(self, **form: str | None) -> Response:
        """Send client credentials in the form."""
        return self.ask(grant_type="client_credentials", **{"scope": FOR_API, **self.own, **form})

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
        return self.ask(grant_type=ASSERTION, assertion=self.assertion(now, **changes), scope=f"openid {FOR_API}")


@pytest.fixture
def tokens(api: Api, people: People) -> Tokens:
    """A client with the credentials of the seed machine."""
    return Tokens(api, people)


def answer_with(api: Api, answer: Response) -> Response:
    """Call the API with the token in *answer*."""
    headers = {"authorization": f"Bearer {answer.body['access_token']}"}
    path = {"userId": "269629023906488501"}
    return api.call("zitadel.password_reset", path=path, body={"returnCode": {}}, headers=headers)


def is_accepted(api: Api, answer: Response) -> bool:
    """Whether the API accepts the token in *answer*."""
    return answer_with(api, answer).status == 200


def refused(answer: Response) -> tuple[int, str, str]:
    """Read the status, the error and the description of a refusal."""
    return answer.status, answer.body["error"], answer.body["error_description"]


@outcome("zitadel.openid_configuration", 200, "configuration")
def test_the_issuer_is_the_address_that_was_called(api: Api) -> None:
    found = api.request("GET", "/.well-known/openid-configuration", headers={"host": HOST}).body
    assert (found["issuer"], found["token_endpoint"]) == (ISSUER, f"{ISSUER}/oauth/v2/token")


@outcome("zitadel.openid_configuration_by_post", 200, "configuration")
def test_the_configuration_is_the_same_with_post(api: Api) -> None:
    path = "/.well-known/openid-configuration"
    assert api.request("POST", path, content=b"x").content == api.request("GET", path).content


@pytest.mark.parametrize(
    ("profile", "algorithms", "languages"), [("documented", 1, 17), ("v2.65", 1, 17), ("v4.2", 7, 20), ("v4.6", 7, 20)]
)
def test_the_configuration_is_that_of_the_release(
    api: Api, settings: SettingsOf, profile: str, algorithms: int, languages: int
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    found = api.request("GET", "/.well-known/openid-configuration").body
    assert len(found["id_token_signing_alg_values_supported"]) == algorithms
    assert len(found["ui_locales_supported"]) == languages


def test_the_issuer_includes_the_path_of_a_sandbox(api: Api) -> None:
    path = f"/~{api.sandbox}/.well-known/openid-configuration"
    assert api.request("GET", path, headers={"host": HOST}).body["issuer"] == f"{ISSUER}/~{api.sandbox}"


def test_nothing_but_the_configuration_repeats_the_address(
    api: Api, built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert built.admin is not None
    operations = {*built.imitated.document.operations, *built.admin.document.operations}
    for operation in operations - {"zitadel.openid_configuration", "zitadel.openid_configuration_by_post"}:
        answer = api.call(operation, headers={"host": HOST})
        # The cookie of the token endpoint is for the domain without its port.
        assert HOST not in f"{answer.content!r} {answer.headers} {caplog.text}", operation


@outcome("zitadel.token", 200, "token")
@shows("zitadel.token.secret", "zitadel.token.scope", "zitadel.token.user")
def test_client_credentials_get_a_token(api: Api, tokens: Tokens) -> None:
    answer = tokens.by_secret()
    assert list(answer.body) == ["access_token", "token_type", "expires_in"]
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 43199)
    assert is_accepted(api, answer)
    assert answer.headers["cache-control"] == "no-store"


@proves("zitadel.token.client")
@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_client_credentials_may_be_in_the_header(api: Api, tokens: Tokens, scheme: str) -> None:
    basic = b64encode(b"robot%2Dservice:watchword-robot-client-secret").decode()
    headers = {"authorization": f"{scheme} {basic}"}
    assert is_accepted(api, tokens.ask(grant_type="client_credentials", scope=FOR_API, headers=headers))


@proves("zitadel.token.client")
def test_the_header_wins_over_the_form(tokens: Tokens) -> None:
    wrong = {"authorization": f"Basic {b64encode(b'robot-service:wrong').decode()}"}
    answer = tokens.ask(grant_type="client_credentials", scope=FOR_API, headers=wrong, **tokens.own)
    assert refused(answer) == (400, "invalid_request", "Errors.User.Machine.Secret.Invalid")


def test_the_login_name_of_a_client_may_have_any_case(api: Api, tokens: Tokens) -> None:
    assert is_accepted(api, tokens.by_secret(client_id="ROBOT-Service"))


@outcome("zitadel.token_by_get", 200, "token")
def test_the_fields_may_be_in_the_query(api: Api, tokens: Tokens) -> None:
    query = "?" + urlencode({"grant_type": "client_credentials", "scope": FOR_API, **tokens.own})
    assert is_accepted(api, tokens.send(b"", query=query))
    assert is_accepted(api, tokens.send(b"", query=query, method="GET"))


def test_fields_of_the_body_come_before_those_of_the_query(tokens: Tokens) -> None:
    answer = tokens.send("grant_type=client_credentials&client_id=x", query="?grant_type=foo&client_id=robot-service")
    # The first grant type counts, and of the other fields the last one.
    assert refused(answer)[2] == "Errors.User.Machine.Secret.Invalid"


def test_of_several_grant_types_the_first_counts_and_of_other_fields_the_last(tokens: Tokens) -> None:
    repeated = "grant_type=client_credentials&grant_type=foo&client_id=x"
    assert refused(tokens.send(repeated))[2] == "client not found"
    own = urlencode({"grant_type": "client_credentials", **tokens.own})
    assert "id_token" not in tokens.send(f"{own}&scope=openid&scope=profile").body
    assert "id_token" in tokens.send(f"{own}&scope=profile&scope=openid").body


def test_a_signed_assertion_gets_a_token(api: Api, tokens: Tokens, clock: ManualClock) -> None:
    assert is_accepted(api, tokens.by_key(clock.now()))
    assert is_accepted(api, tokens.by_key(clock.now(), aud=["https://else.example", f"{ISSUER}/"]))


@proves("zitadel.token.audience", "zitadel.auth.bearer")
@pytest.mark.parametrize(
    ("scope", "accepted"),
    [
        (FOR_API, True),
        (f"openid profile {FOR_API}", True),
        ("", False),
        ("openid", False),
        ("foo", False),
        (FOR_API.upper(), False),
        (f"openid\t{FOR_API}", False),
    ],
)
def test_a_token_is_good_for_the_api_only_with_its_scope(
    api: Api, tokens: Tokens, clock: ManualClock, scope: str, *, accepted: bool
) -> None:
    by_key = tokens.ask(grant_type=ASSERTION, assertion=tokens.assertion(clock.now()), scope=scope)
    for given in (tokens.by_secret(scope=scope), by_key):
        answer = answer_with(api, given)
        assert answer.status == (200 if accepted else 401)
        if not accepted:
            assert answer.body["message"] == "Errors.Token.Invalid (AUTH-7fs1e)"
            assert FOR_API in answer.headers["watchword-hint"]


@proves("zitadel.token.identity")
def test_the_scope_openid_brings_an_id_token_that_the_keys_verify(
    api: Api, tokens: Tokens, settings: SettingsOf
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    answer = tokens.by_secret(scope="openid")
    keys = KeySet.import_key_set(api.call("zitadel.keys").body)
    claims = jwt.decode(answer.body["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (ISSUER, tokens.machine.id, ["robot-service"])
    assert claims["exp"] - claims["iat"] == 12 * 3600
    assert "id_token" not in tokens.by_secret(scope="profile").body


@outcome("zitadel.keys", 200, "keys")
def test_the_private_half_of_the_key_is_not_shown(api: Api) -> None:
    assert list(api.call("zitadel.keys").body["keys"][0]) == ["use", "kty", "kid", "alg", "n", "e"]


@proves("zitadel.token.scope")
def test_a_scope_is_required_and_may_be_empty(tokens: Tokens, clock: ManualClock) -> None:
    assert refused(tokens.by_secret(scope=None)) == (400, "invalid_request", NO_SCOPE)
    by_key = tokens.ask(grant_type=ASSERTION, assertion=tokens.assertion(clock.now()))
    assert refused(by_key) == (400, "invalid_request", NO_SCOPE)
    for form in ({"scope": "", **tokens.own}, {**tokens.own, "scope": ""}):
        assert tokens.ask(grant_type="client_credentials", **form).status == 200


@proves("zitadel.token.lifetime")
def test_a_token_is_valid_for_twelve_hours(api: Api, tokens: Tokens, clock: ManualClock) -> None:
    answer = tokens.by_secret()
    clock.advance(timedelta(hours=12, seconds=-1))
    assert is_accepted(api, answer)
    clock.advance(timedelta(seconds=1))
    assert not is_accepted(api, answer)


@pytest.mark.parametrize(
    ("form", "description"),
    [
        pytest.param("", "grant_type missing", id="nothing"),
        pytest.param("grant_type=", "grant_type missing", id="an empty grant"),
        pytest.param("grant_type=client_credentials", NO_CLIENT, id="no client"),
        pytest.param("grant_type=client_credentials&client_id=&client_secret=x", NO_CLIENT, id="an empty client"),
        pytest.param("grant_type=authorization_code&code=x", NO_CLIENT, id="no client with a code"),
        pytest.param(f"grant_type={ASSERTION}", "assertion missing", id="no assertion"),
        pytest.param(f"grant_type={ASSERTION}&assertion=&scope=openid", "assertion missing", id="an empty assertion"),
        pytest.param("%zz", "error parsing form", id="a bad escape"),
        pytest.param("grant_type=client_credentials;client_id=x", "error parsing form", id="semicolons"),
        pytest.param(
            "grant_type=client_credentials&client_assertion=x&client_assertion_type=jwt",
            "invalid client_assertion_type jwt",
            id="another type of assertion",
        ),
        pytest.param(
            "grant_type=client_credentials&client_assertion=x&client_assertion_type=S3cret!",
            "invalid client_assertion_type ***",
            id="a type that may be a secret",
        ),
    ],
)
@outcome("zitadel.token", 400, "invalid_request")
@proves("zitadel.token.grant", "zitadel.token.client", "zitadel.token.signature")
def test_what_is_missing_or_unreadable_is_named(tokens: Tokens, form: str, description: str) -> None:
    assert refused(tokens.send(form)) == (400, "invalid_request", description)


@outcome("zitadel.token_by_get", 400, "invalid_request")
def test_a_get_without_fields_has_no_grant(tokens: Tokens) -> None:
    assert refused(tokens.send(b"", method="GET")) == (400, "invalid_request", "grant_type missing")
    assert refused(tokens.send(b"", query="?%zz", method="GET")) == (400, "invalid_request", "error parsing form")


@pytest.mark.parametrize("content_type", ["", "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_of_another_type_is_no_form(tokens: Tokens, content_type: str) -> None:
    answer = tokens.send("grant_type=client_credentials", content_type=content_type)
    assert refused(answer) == (400, "invalid_request", "grant_type missing")


def test_the_type_of_a_form_may_have_parameters_and_any_case(tokens: Tokens) -> None:
    answer = tokens.send("grant_type=client_credentials", content_type=f"{FORM.title()}; charset=utf-8")
    assert refused(answer)[2] == NO_CLIENT


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("password", "password"), ("foo", "foo"), ("implicit", "implicit"), ("P4ssw0rd!", "***"), ("x" * 33, "***")],
)
@outcome("zitadel.token", 400, "unsupported_grant_type")
@proves("zitadel.token.grant")
def test_other_grant_types_are_not_served(tokens: Tokens, kind: str, shown: str) -> None:
    answer = tokens.ask(grant_type=kind, username="mini", password="V3ryS3cure!")
    assert refused(answer) == (400, "unsupported_grant_type", f"{shown} not supported")


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"},
        {"grant_type": "client_credentials", "client_id": "x"},
        {"grant_type": "authorization_code", "client_id": "robot-service", "code": "x"},
        {"grant_type": "refresh_token", "client_id": "x", "refresh_token": "y"},
        {"grant_type": "client_credentials", "client_assertion": "x", "client_assertion_type": CLIENT_ASSERTION},
    ],
    ids=" ".join,
)
@outcome("zitadel.token", 400, "invalid_client")
def test_a_client_that_does_not_exist_is_not_found(tokens: Tokens, form: dict[str, str]) -> None:
    assert refused(tokens.ask(scope="openid", **form)) == (400, "invalid_client", "client not found")


@outcome("zitadel.token_by_get", 400, "invalid_client")
@outcome("zitadel.token_by_get", 400, "unsupported_grant_type")
def test_the_same_refusals_are_answered_to_get(tokens: Tokens) -> None:
    unknown = tokens.send(b"", query="?grant_type=client_credentials&client_id=x", method="GET")
    assert refused(unknown) == (400, "invalid_client", "client not found")
    other = tokens.send(b"", query="?grant_type=foo", method="GET")
    assert refused(other) == (400, "unsupported_grant_type", "foo not supported")


@pytest.mark.parametrize("secret", ["guessed", "", None, "WATCHWORD-ROBOT-CLIENT-SECRET"])
@proves("zitadel.token.secret")
def test_a_wrong_secret_is_refused(tokens: Tokens, secret: str | None) -> None:
    answer = tokens.by_secret(client_secret=secret)
    assert refused(answer) == (400, "invalid_request", "Errors.User.Machine.Secret.Invalid")


@proves("zitadel.token.secret")
def test_a_person_is_no_client(tokens: Tokens) -> None:
    answer = tokens.by_secret(client_id="mini@mouse.example", client_secret="V3ryS3cure!")
    assert refused(answer) == (400, "invalid_request", "Errors.User.Machine.Secret.NotExisting")


@pytest.mark.parametrize("header", ["Basic", "Basic ***", "Basic bm9jb2xvbg==", "Basic Og==", "Bearer x", "x"])
def test_a_header_without_readable_credentials_counts_as_none(tokens: Tokens, header: str) -> None:
    answer = tokens.ask(grant_type="client_credentials", headers={"authorization": header})
    assert refused(answer) == (400, "invalid_request", NO_CLIENT)


def test_a_header_whose_parts_are_not_encoded_as_in_a_form_is_refused(tokens: Tokens) -> None:
    for text in (b"%zz:x", b"x:50%"):
        headers = {"authorization": f"Basic {b64encode(text).decode()}"}
        answer = tokens.ask(grant_type="client_credentials", headers=headers)
        assert refused(answer) == (400, "invalid_client", "invalid basic auth header")


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
@outcome("zitadel.token", 500, "server_error")
@proves("zitadel.token.signature", "zitadel.token.assertion")
def test_a_wrong_assertion_is_an_error_of_the_service_and_the_hint_says_why(
    tokens: Tokens, clock: ManualClock, changes: dict[str, Any], reason: str
) -> None:
    answer = tokens.by_key(clock.now(), **changes)
    assert refused(answer) == (500, "server_error", "Errors.Internal")
    assert reason in answer.headers["watchword-hint"]
    assert HOST not in f"{answer.content!r} {answer.headers}"


@outcome("zitadel.token_by_get", 500, "server_error")
def test_a_wrong_assertion_in_the_query_is_the_same_error(tokens: Tokens) -> None:
    answer = tokens.send(b"", query=f"?grant_type={ASSERTION}&assertion=x&scope=openid", method="GET")
    assert refused(answer) == (500, "server_error", "Errors.Internal")


@proves("zitadel.token.assertion")
def test_an_assertion_is_good_until_its_last_second(tokens: Tokens) -> None:
    end = int(START.timestamp())
    assert tokens.by_key(START, exp=end + 1).status == 200
    assert tokens.by_key(START - timedelta(minutes=5), exp=end).status == 500


@pytest.mark.parametrize("end", ["", "\n"], ids=["without a line break", "with one"])
@proves("zitadel.token.signature")
def test_a_key_is_good_until_its_last_second(tokens: Tokens, end: str) -> None:
    public = OTHER_KEY.as_pem(private=False).decode().strip() + end
    key = MachineKey("1", tokens.machine.id, public, START)
    assertion = Secret(tokens.assertion(START, key=OTHER_KEY, header={"kid": "1"}))
    for good in (key, replace(key, expires_at=None)):
        assert verify_signature(assertion, "1", good, now=START - timedelta(seconds=1)).issuer == tokens.machine.id
    with refuses(OAuthFailure):
        verify_signature(assertion, "1", key, now=START)


@proves("zitadel.token.assertion")
def test_an_assertion_may_be_an_hour_old(tokens: Tokens) -> None:
    later = int(START.timestamp()) + 1
    assert tokens.by_key(START - timedelta(hours=1), exp=later).status == 200
    assert tokens.by_key(START - timedelta(hours=1, seconds=1), exp=later).status == 500


@proves("zitadel.token.assertion")
def test_assertions_are_compared_with_the_real_time_instead_of_the_sandboxs(tokens: Tokens, clock: ManualClock) -> None:
    clock.advance(timedelta(days=1))
    assert tokens.by_key(START).status == 200
    assert tokens.by_key(clock.now()).status == 500


def test_a_key_expires_by_the_clock_of_the_sandbox(tokens: Tokens, people: People, clock: ManualClock) -> None:
    tokens.machine = people["zitadel", "deputy"]
    tokens.credentials = tokens.machine.credentials
    tokens.key = RSAKey.import_key(tokens.credentials["key"]["key"])
    clock.advance(timedelta(days=1) - timedelta(microseconds=1))
    assert tokens.by_key(START).status == 200
    clock.advance(timedelta(microseconds=1))
    assert tokens.by_key(START).status == 500


@proves("zitadel.token.user")
def test_a_deactivated_machine_gets_no_token(tokens: Tokens, sandbox: Callable[[], Sandbox]) -> None:
    transaction = sandbox().store.transaction()
    machine = transaction.get(User, tokens.machine.id)
    assert machine is not None
    transaction.put(replace(machine, state=UserState.INACTIVE))
    assert transaction.commit()
    assert refused(tokens.by_secret()) == (400, "invalid_request", "Errors.User.NotActive")


@outcome("zitadel.healthz", 200, "healthy")
@outcome("zitadel.ready", 200, "ready")
def test_probes_are_answered(api: Api) -> None:
    healthy, ready = api.call("zitadel.healthz"), api.call("zitadel.ready")
    assert (healthy.status, healthy.content, healthy.headers["content-type"]) == (
        200,
        b"ok",
        "text/plain; charset=utf-8",
    )
    assert (ready.status, ready.body, ready.headers["content-type"]) == (200, "ok", "application/json")
    for answer in (healthy, ready):
        assert answer.headers["x-robots-tag"] == "none"
        assert "cache-control" not in answer.headers


WITHOUT_TOKENS = (
    "zitadel.openid_configuration",
    "zitadel.openid_configuration_by_post",
    "zitadel.token",
    "zitadel.token_by_get",
    "zitadel.keys",
    "zitadel.healthz",
    "zitadel.ready",
)


@pytest.mark.parametrize(
    ("operation", "setting", "status"),
    [
        pytest.param(operation, setting, status, id=f"{operation} {status}", marks=outcome(operation, status, name))
        for operation in WITHOUT_TOKENS
        for setting, status, name in (
            ({"failing": True}, 500, "INTERNAL"),
            ({"maintenance": True}, 503, "UNAVAILABLE"),
            ({"rate_limits": [{"requests": 1, "seconds": 60}]}, 429, "RESOURCE_EXHAUSTED"),
        )
    ],
)
def test_the_common_settings_apply_to_operations_without_a_token(
    api: Api, settings: SettingsOf, operation: str, setting: dict[str, Any], status: int
) -> None:
    settings.patch("zitadel", setting)
    api.call(operation)
    assert api.call(operation).status == status


def _token(header: object, payload: object = None) -> str:
    parts = [orjson.dumps(header), orjson.dumps(payload if payload is not None else {"iss": "x"}), b"signature"]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


ODD_VALUES: list[object] = ["alg", "kid", "", 1, 1.5, True, None, [], ["alg", "kid"], {}, {"kid": {}}, [[["kid"]]]]


@outcome("zitadel.token", 500, "server_error")
@pytest.mark.parametrize("header", ODD_VALUES, ids=repr)
def test_an_assertion_whose_header_is_any_json_value_is_refused(tokens: Tokens, header: object) -> None:
    answer = tokens.ask(grant_type=ASSERTION, assertion=_token(header), scope="openid")
    assert refused(answer) == (500, "server_error", "Errors.Internal")


@outcome("zitadel.token", 500, "server_error")
@pytest.mark.parametrize("name", ["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "zip"])
def test_an_assertion_whose_header_has_any_json_value_in_it_is_refused(tokens: Tokens, name: str) -> None:
    own = {"alg": "RS256", "kid": tokens.credentials["key"]["keyId"]}
    for value in ODD_VALUES:
        answer = tokens.ask(grant_type=ASSERTION, assertion=_token({**own, name: value}), scope="openid")
        assert refused(answer) == (500, "server_error", "Errors.Internal"), value


@outcome("zitadel.token", 500, "server_error")
@pytest.mark.parametrize(
    "assertion", [".", "..", "a", "a.b.c", "....", "." * 1000, "\x00.\x00.\x00", "ä.ö.ü", "W10.W10.W10", "e30" * 1000]
)
def test_an_assertion_that_is_no_token_is_refused(tokens: Tokens, assertion: str) -> None:
    answer = tokens.ask(grant_type=ASSERTION, assertion=assertion, scope="openid")
    assert refused(answer) == (500, "server_error", "Errors.Internal")
