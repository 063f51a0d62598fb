"""One defect for each check, in an overlay on our own document or in a document of somebody else's."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from watchword.review.finding import Check, Review, Severity
from watchword.review.lint.checks import CHECKS
from watchword.review.lint.linted import Found
from watchword.review.lint.linting import lint, read

UPDATE = "$.paths['/passwords/update'].post"
CONFLICT = "$.components.responses.WeavrUpdateConflict.content['application/json'].examples"
CODES = "$.components.schemas.WeavrUpdateConflict.properties.errorCode.enum"
Action = Mapping[str, Any]


def update(target: str, value: Any) -> Action:
    return {"target": target, "update": value}


def remove(target: str) -> Action:
    return {"target": target, "remove": True}


@cache
def unchanged() -> Review:
    return lint(read(None, ()), "ours", Path.cwd())


def found(review: Review) -> list[tuple[str, str]]:
    return [(one.id, one.sentence) for one in review.open]


def test_our_own_document_has_no_findings_but_those_with_a_reason() -> None:
    assert found(unchanged()) == []
    assert {one.id for one in unchanged().findings} == {
        "several-envelopes",
        "secret-not-marked",
        "code-without-example",
    }


def shown(identifier: str, parameter: str) -> Action:
    named = {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
    return {"operationId": identifier, "parameters": [named], "responses": {"200": JSON}}


JSON = {"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}}
BREACHED = {"value": {"errorCode": "PASSWORD_BREACHED"}}
DEFECTS: list[tuple[str, str, Action]] = [
    (
        "code-without-example",
        "errorCode can be PASSWORD_LEAKED, and no example of the answer 409 has that name.",
        update(CODES, "PASSWORD_LEAKED"),
    ),
    (
        "answer-without-example",
        "The answer 200 has no example.",
        update("$.paths", {"/shop/{id}": {"get": shown("shop.show", "id")}}),
    ),
    (
        "answer-unreached",
        "No behaviour answers weavr_multi.update_password with 409 PASSWORD_BREACHED; only Prefer gets it.",
        update(CONFLICT, {"PASSWORD_BREACHED": BREACHED}),
    ),
    (
        "answer-undeclared",
        "The stand-in answers weavr_payment_run.logout with 503 -, which is not declared.",
        remove("$.paths['/v1/logout'].post.responses['503']"),
    ),
    (
        "rule-without-answer",
        "The rule weavr.password.history answers weavr_multi.update_password with 409 PASSWORD_ALREADY_USED,"
        " which is not declared.",
        remove(f"{CONFLICT}.PASSWORD_ALREADY_USED"),
    ),
    (
        "answer-without-rule",
        "The answer 409 PASSWORD_INCORRECT of weavr_multi.update_password is decided by weavr.update.old-password,"
        " which x-rules does not name.",
        remove(f"{UPDATE}['x-rules'][?@ == 'weavr.update.old-password']"),
    ),
    (
        "rule-unknown",
        "weavr_multi.update_password names weavr.password.age, but there is no such rule (watchword rules lists them).",
        update(f"{UPDATE}['x-rules']", ["weavr.password.age"]),
    ),
    (
        "rule-unused",
        "No operation names the rule weavr_payment_run.idempotency.replayed in its x-rules.",
        remove("$.paths[*][*]['x-rules'][?@ == 'weavr_payment_run.idempotency.replayed']"),
    ),
    (
        "bound-contradicts-rule",
        "maxLength is 64, but the rule weavr.password.length compares 30: the setting programme.user_profile.maximum.",
        update("$.components.schemas.MultiPasswordValue", {"maxLength": 64}),
    ),
    (
        "bound-contradicts-rule",
        "lifetime is PT1H, but the rule weavr.nonce.lifetime compares PT2H: the setting"
        " weavr_multi.programme.nonce_lifetime (x-watchword-settings).",
        update("$", {"x-watchword-settings": {"weavr_multi": {"programme": {"nonce_lifetime": "PT2H"}}}}),
    ),
    *(
        (
            "bound-contradicts-rule",
            "A bound is an object with a rule, a keyword and its number, and the setting that the rule compares.",
            update("$.components.schemas.MultiPasswordValue", {"x-bounds": [bound]}),
        )
        for bound in ("maxLength", {"setting": "a", "maxLength": 3}, {"rule": "a", "maxLength": [3]})
    ),
    (
        "handler-lost",
        "The handler of weavr_multi.logout is lost: POST /logout is not in the document any more.",
        remove("$.paths['/logout']"),
    ),
    (
        "handler-unfit",
        "The handler of weavr_multi.login_with_password does not fit any more: the request has no field email."
        " The document answers it.",
        remove("$.components.schemas.MultiLogIn.properties.email"),
    ),
    (
        "secret-not-marked",
        "resetToken has the name of a secret, and no format: password.",
        update("$.components.schemas.WeavrToken.properties", {"resetToken": {"type": "string"}}),
    ),
    (
        "several-envelopes",
        "Errors of entrust have errorCode, errorMessage, parameters; this one has reason.",
        update(
            "$.components.responses.EntrustUserNotFound.content['application/json']",
            {"schema": {"$ref": "#/components/schemas/Reason"}},
        ),
    ),
    (
        "example-unfit",
        "Example ACCOUNT_NOT_FOUND of 409: errorCode must be",
        update(
            "$.components.responses.WeavrStartConflict.content['application/json'].examples.ACCOUNT_NOT_FOUND.value",
            {"errorCode": 7},
        ),
    ),
    (
        "default-unfit",
        "The default does not fit: the value must be",
        update("$.components.schemas", {"Reason": {"properties": {"reason": {"type": "integer", "default": "many"}}}}),
    ),
    (
        "paths-alike",
        "GET /shop/{name} matches the same requests as /shop/{id}, which answers them.",
        update("$.paths", {"/shop/{name}": {"get": shown("shop.other", "name")}}),
    ),
    (
        "paths-overlap",
        "POST /logout/{a}/now",
        update(
            "$.paths",
            {"/logout/{a}/now": {"post": shown("shop.a", "a")}, "/logout/all/{b}": {"post": shown("shop.b", "b")}},
        ),
    ),
    (
        "ignore-without-reason",
        "several-envelopes is ignored without a reason, so it is not ignored.",
        update("$", {"x-lint-ignore": {"several-envelopes": ""}}),
    ),
    (
        "ignore-without-reason",
        "envelopes is no check (watchword lint --list).",
        update(UPDATE, {"x-lint-ignore": {"envelopes": "because"}}),
    ),
    (
        "ignore-unused",
        "paths-alike finds nothing here, so it need not be ignored.",
        update(UPDATE, {"x-lint-ignore": {"paths-alike": "because"}}),
    ),
    (
        "target-without-match",
        "The target $.paths['/password/update'] matches nothing in the document.",
        update("$.paths['/password/update']", {"description": "x"}),
    ),
]


@pytest.fixture(scope="module")
def defective(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Our own document with all the defects at once, one action after the other."""
    folder = tmp_path_factory.mktemp("defects")
    actions = [action for _, _, action in DEFECTS]
    content = {"overlay": "1.1.0", "info": {"title": "x", "version": "1"}, "actions": actions}
    (folder / "overlay.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return lint(read(None, [folder / "overlay.json"]), "ours", folder)


@pytest.mark.parametrize(("check", "told", "action"), DEFECTS, ids=[one[0] for one in DEFECTS])
def test_a_defect_is_found(check: str, told: str, action: Action, defective: Review) -> None:
    mine = [one for one in defective.open if one.id == check]
    assert told in [one.sentence[: len(told)] for one in mine], [one.sentence for one in mine]
    assert all(one.place is not None for one in mine)


def test_every_check_of_ours_has_a_defect_here() -> None:
    assert {check for check, _, _ in DEFECTS} == {one.id for one in CHECKS}


def test_two_checks_that_find_the_same_words_in_one_place_are_two_findings() -> None:
    found = Found(("info",), "Something is wrong.")
    more = [(Check(name, Severity.ERROR, "Because."), found) for name in ("one", "other")]
    findings = [one for one in lint(read(None, ()), "ours", Path.cwd(), more).open if one.sentence == found.sentence]
    assert [one.id for one in findings] == ["one", "other"]


def test_an_ignored_finding_of_another_tool_is_no_unknown_check(tmp_path: Path) -> None:
    ignored = {"x-lint-ignore": {"spectral:info-contact": "Nobody answers."}}
    content = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {}, **ignored}
    (tmp_path / "openapi.json").write_text(json.dumps(content), encoding="utf-8")
    assert found(lint(read(tmp_path / "openapi.json", ()), "x", tmp_path)) == []
