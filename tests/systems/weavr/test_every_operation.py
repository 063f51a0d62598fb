"""What all operations have in common: keys, tokens, limits, failures, paths."""

from datetime import timedelta

import pytest

from tests.conftest import Api, ManualClock, SettingsOf
from tests.outcomes import NO_BODY, outcome, proves
from tests.systems.weavr.products import (
    LOG_IN_REFUSED,
    MANAGING,
    MULTI,
    OPERATIONS,
    PAYMENT_RUN,
    WITH_TOKEN,
    Weavr,
    bearer,
    both,
    cases,
    codes,
    reaching,
)

EVERY = "operation"
LOOKED_UP = ("create_password", *MANAGING)
"""The operations of Payment Run that look an empty key up like any other."""
TOKENISERS = {
    "weavr_multi.simulate_tokenise": {},
    "weavr_multi.tokenise": {"programme-key": "pk"},
}


@proves("weavr.key.required")
@cases(EVERY, [(one, one, 400, "REQUIRED") for one in OPERATIONS])
def test_a_call_without_the_key_is_invalid(weavr: Weavr, operation: str) -> None:
    refused = weavr.attempt(operation, headers={"api-key": None})
    assert (refused.status, codes(refused)) == (400, [([], "api-key", "REQUIRED")])


@proves("weavr.key.required")
@cases(EVERY, [(one, one, 400, "REQUIRED") for one in OPERATIONS if one not in LOOKED_UP])
def test_an_empty_key_counts_as_missing(weavr: Weavr, operation: str) -> None:
    assert codes(weavr.attempt(operation, headers={"api-key": ""})) == [([], "api-key", "REQUIRED")]


@proves("weavr_payment_run.key.empty")
@pytest.mark.parametrize(
    ("product", "operation", "status"),
    [
        pytest.param(product, one, status, marks=outcome(f"{product}.{one}", status, name), id=f"{product}-{one}")
        for product, status, name in ((MULTI, 400, "REQUIRED"), (PAYMENT_RUN, 401, NO_BODY))
        for one in LOOKED_UP
    ],
)
def test_payment_run_looks_up_an_empty_key_when_users_are_managed_or_a_password_is_created(
    weavr: Weavr, operation: str, status: int
) -> None:
    assert weavr.attempt(operation, headers={"api-key": ""}).status == status


@both
def test_the_hint_names_a_misspelt_key(weavr: Weavr) -> None:
    key = weavr.person("member").headers["api-key"]
    refused = weavr.validate(headers={"api-key": None, "api_key": key})
    assert "the header is called api-key" in refused.headers["watchword-hint"]
    assert key not in str(refused)


@cases(EVERY, [(one, one, 401, "-") for one in OPERATIONS])
def test_an_unknown_key_is_unauthorized(weavr: Weavr, operation: str) -> None:
    refused = weavr.attempt(operation, headers={"api-key": "sk-of-nobody"})
    assert (refused.status, refused.content) == (401, b"")
    assert refused.headers["request-ref"]


@proves("weavr.key.known")
@both
def test_the_key_of_one_product_is_unknown_to_the_other(weavr: Weavr) -> None:
    other = PAYMENT_RUN if weavr.product is MULTI else MULTI
    key = weavr.people[other.name, other.roles["member"]].headers["api-key"]
    assert weavr.validate(headers={"api-key": key}).status == 401


@cases(EVERY, [(one, one, 401, "-") for one in WITH_TOKEN])
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer unknown", "Basic YTpi"])
def test_a_call_without_a_known_token_is_unauthorized(weavr: Weavr, operation: str, authorization: str | None) -> None:
    refused = weavr.attempt(operation, headers={"Authorization": authorization})
    assert refused.status == 401
    assert "Bearer" in refused.headers["watchword-hint"]


@proves("weavr.session.known")
@cases(EVERY, [(one, one, 401, "-") for one in WITH_TOKEN])
def test_an_expired_token_is_unauthorized(weavr: Weavr, clock: ManualClock, operation: str) -> None:
    token = weavr.log_in(of="head").body["token"]
    clock.advance(timedelta(minutes=5))
    assert weavr.attempt(operation, headers=bearer(token)).status == 401


@proves("weavr.session.known")
@both
@pytest.mark.parametrize("form", ["Basic {}", "{}", "bearer{}"])
def test_a_known_token_is_unauthorized_without_bearer(weavr: Weavr, form: str) -> None:
    token = weavr.log_in().body["token"]
    assert weavr.log_out(headers={"Authorization": form.format(token)}).status == 401
    assert weavr.log_out(headers={"Authorization": None, "auth_token": token}).status == 401
    assert weavr.log_out(headers={"Authorization": f"bearer  {token} "}).status == 204


@both
def test_the_hint_names_a_misspelt_token(weavr: Weavr) -> None:
    refused = weavr.log_out(headers={"Authorization": None, "auth_token": "x"})
    assert "auth_token" in refused.headers["watchword-hint"]


@both
def test_all_invalid_fields_are_listed_before_key_and_token_are_checked(weavr: Weavr) -> None:
    refused = weavr.call("update_password", {"newPassword": {}}, headers={"api-key": None, "Authorization": None})
    assert sorted(codes(refused)) == [
        ([], "api-key", "REQUIRED"),
        ([], "oldPassword", "REQUIRED"),
        (["newPassword"], "value", "REQUIRED"),
    ]


WITH_CODE = ("create_password", *MANAGING, "validate_invite", "consume_invite")
FORBIDDEN = {**dict.fromkeys(WITH_CODE, "INSUFFICIENT_PERMISSIONS"), "login_with_password": LOG_IN_REFUSED}
"""The operations whose 403 has a body."""


@proves("weavr.programme.suspended")
@cases(
    EVERY,
    [(one, one, 403, FORBIDDEN.get(one, "-")) for one in OPERATIONS],
)
def test_a_suspended_programme_can_call_nothing(weavr: Weavr, operation: str) -> None:
    weavr.set(suspended=True)
    assert weavr.attempt(operation).status == 403


@both
def test_the_suspended_programme_of_the_seed_data_can_call_nothing(weavr: Weavr) -> None:
    assert [weavr.log_in(of="suspended").status, weavr.validate(of="suspended").status] == [403, 403]


@cases(EVERY, [(one, one, 429, "-") for one in OPERATIONS])
def test_too_many_requests_are_answered_429_with_the_time_to_wait(weavr: Weavr, operation: str) -> None:
    limits = [{"requests": 1, "seconds": 60}, {"requests": 20, "seconds": 3600}]
    weavr.settings.patch(weavr.product.name, {"rate_limits": limits})
    weavr.log_in()
    refused = weavr.attempt(operation)
    assert (refused.status, refused.content) == (429, b"")
    assert refused.headers["x-ratelimit-limit"] == "1, 1;w=60, 20;w=3600"
    assert refused.headers["x-ratelimit-reset"] == "60"
    assert refused.headers["request-ref"]


@both
def test_requests_are_accepted_again_after_the_window(weavr: Weavr, clock: ManualClock) -> None:
    weavr.settings.patch(weavr.product.name, {"rate_limits": [{"requests": 2, "seconds": 60}]})
    assert [weavr.validate().status for _ in range(3)] == [204, 204, 429]
    clock.advance(timedelta(seconds=60))
    assert weavr.validate().status == 204


@cases(EVERY, [(one, one, 500, "-") for one in OPERATIONS])
def test_an_outage_can_be_set(weavr: Weavr, operation: str) -> None:
    weavr.settings.patch(weavr.product.name, {"failing": True})
    refused = weavr.attempt(operation)
    assert (refused.status, refused.content) == (500, b"")


@cases(EVERY, [(one, one, 503, "-") for one in OPERATIONS])
def test_maintenance_can_be_set(weavr: Weavr, operation: str) -> None:
    weavr.settings.patch(weavr.product.name, {"maintenance": True})
    refused = weavr.attempt(operation)
    assert (refused.status, refused.content) == (503, b"")
    assert refused.headers["request-ref"]


@pytest.mark.parametrize(
    ("operation", "setting", "status"),
    [
        pytest.param(name, setting, status, marks=outcome(name, status))
        for name in TOKENISERS
        for setting, status in (
            ({"failing": True}, 500),
            ({"maintenance": True}, 503),
            ({"rate_limits": [{"requests": 1, "seconds": 60}]}, 429),
        )
    ],
)
def test_the_tokeniser_obeys_maintenance_outage_and_rate_limits(
    api: Api, settings: SettingsOf, operation: str, setting: dict[str, object], status: int
) -> None:
    settings.patch("weavr_multi", setting)
    body = {"values": {"password": {"value": "x"}}}
    answers = [api.call(operation, body=body, headers=TOKENISERS[operation]) for _ in range(2)]
    assert answers[-1].status == status


@both
def test_an_empty_idempotency_ref_is_tolerated(weavr: Weavr) -> None:
    assert weavr.log_in(headers={"idempotency-ref": ""}).status == 200


@reaching("validate_password", 204)
def test_another_content_type_is_answered_by_a_message(weavr: Weavr) -> None:
    refused = weavr.validate(headers={"content-type": "text/plain"})
    assert (refused.status, refused.body["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "application/json" in refused.body["message"]
    assert weavr.validate().status == 204


@pytest.mark.parametrize(
    ("base", "path", "product"),
    [("/multi", "/passwords/validate", MULTI), ("/payment-run", "/v1/passwords/validate", PAYMENT_RUN)],
    ids=["multi", "payment-run"],
)
def test_the_base_path_of_the_vendor_is_optional(weavr: Weavr, base: str, path: str) -> None:
    headers = {"api-key": weavr.person("member").headers["api-key"]}
    body = {"password": {"value": "Lantern-42-amber"}}
    answers = [weavr.api.request("POST", f"{start}{path}", json=body, headers=headers) for start in (base, "")]
    assert [one.status for one in answers] == [204, 204]


@pytest.mark.parametrize("base", ["", "/multi", "/payment-run"])
def test_the_tokeniser_is_served_under_both_base_paths_and_without_one(api: Api, base: str) -> None:
    body = {"values": {"a": {"value": "x"}}}
    assert api.request("POST", f"{base}/simulate/api/secure_session/anon_tokenize", json=body).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PATCH", "/multi/passwords/update", 405, "WRONG_METHOD"),
        ("PATCH", "/multi/passwords", 404, "UNKNOWN_PATH"),
        ("GET", "/v1/logout", 405, "WRONG_METHOD"),
        ("POST", "/v1/passwords/updates", 404, "UNKNOWN_PATH"),
    ],
)
def test_the_answer_to_a_wrong_path_or_method_says_what_exists(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    refused = api.request(method, path)
    assert (refused.status, refused.body["code"]) == (status, code)
    assert "POST" in refused.body["message"]
