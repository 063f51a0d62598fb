"""One defect for each check, in an overlay on our own document or in a document of somebody else's."""

import json
from collections.abc import Mapping, Sequence
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


def maximum(number: int) -> Mapping[str, Any]:
    return {"x-watchword-settings": {"weavr_payment_run": {"programme": {"user_profile": {"maximum": number}}}}}


JSON = {"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}}
INVITE = "weavr.invite.lifetime"
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
        "The stand-in answers weavr_payment_run.logout with 503, which is not declared.",
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
        "maxLength is 64, but the rule weavr.password.length compares 30: the setting"
        " weavr_multi.programme.root_profile.maximum (x-watchword-settings).",
        update("$.components.schemas.MultiPasswordValue", {"maxLength": 64}),
    ),
    (
        "bound-contradicts-rule",
        "lifetime is PT3H, but the rule weavr.invite.lifetime compares P7D: the setting"
        " weavr_multi.programme.invite_lifetime (x-watchword-settings).",
        update(
            "$.components.schemas.WeavrInviteCode",
            {
                "x-bounds": [
                    {"rule": "weavr.invite.lifetime", "lifetime": "PT3H", "setting": "programme.invite_lifetime"}
                ]
            },
        ),
    ),
    (
        "setting-contradicts-bound",
        "weavr_payment_run.programme.user_profile.maximum is 64, but maxLength of"
        " components/schemas/PaymentRunPasswordValue is 30: change that, too.",
        update("$", {**maximum(64), "components": {"schemas": {"PaymentRunPasswordValue": {"maxLength": 30}}}}),
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
        "weavr_multi.start_lost_password, weavr_payment_run.start_lost_password: example ACCOUNT_NOT_FOUND of 409:"
        " errorCode must be",
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
    (
        "target-without-match",
        f"The target {UPDATE}.responses['409'].description matches nothing in the document: {UPDATE}.responses['409']"
        " is a reference to #/components/responses/WeavrUpdateConflict; write"
        " $.components.responses.WeavrUpdateConflict.description, which all share that refer to it.",
        {"target": f"{UPDATE}.responses['409'].description", "remove": True},
    ),
    (
        "field-beside-reference",
        "description stands beside a $ref and has no effect; change what the reference leads to:"
        " #/components/responses/WeavrUpdateConflict.",
        update(f"{UPDATE}.responses['409']", {"description": "x"}),
    ),
    (
        "field-unknown",
        "The field udpate is not known and has no effect; nearest: update.",
        {**update("$.info", {"x-note": "x"}), "udpate": {"description": "x"}},
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


def proposed(folder: Path, *actions: Action) -> list[tuple[str, str, str]]:
    """Look at what an overlay makes of our own document: place in the overlay, check and sentence of each finding."""
    content = {"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": actions}
    (folder / "overlay.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    review = lint(read(None, [folder / "overlay.json"]), "ours", folder)
    return [(str(one.place), one.id, one.sentence) for one in review.open]


def line_of(folder: Path, key: str) -> int:
    return next(number for number, line in enumerate(lines_of(folder), 1) if f'"{key}"' in line)


def lines_of(folder: Path) -> list[str]:
    return (folder / "overlay.json").read_text(encoding="utf-8").splitlines()


def test_a_setting_contradicts_no_bound_that_says_its_default(tmp_path: Path) -> None:
    assert proposed(tmp_path, update("$", maximum(64))) == []


def test_a_schema_that_says_what_the_setting_is_contradicts_nothing(tmp_path: Path) -> None:
    bound = {"rule": "weavr.password.length", "maxLength": 64, "setting": "programme.user_profile.maximum"}
    schema = update("$.components.schemas.PaymentRunPasswordValue", {"maxLength": 64, "x-bounds": [bound]})
    assert proposed(tmp_path, update("$", maximum(64)), schema) == []


def test_a_schema_that_refuses_what_the_setting_allows_is_told_at_the_setting(tmp_path: Path) -> None:
    found = proposed(
        tmp_path,
        update("$.components.schemas.PaymentRunPasswordValue", {"maxLength": 30}),
        update("$", maximum(64)),
    )
    line = line_of(tmp_path, "maximum")
    assert [one[:2] for one in found] == [(f"overlay.json:{line}:9", "setting-contradicts-bound")]


def test_a_keyword_that_no_setting_has_is_told_once_and_at_the_keyword(tmp_path: Path) -> None:
    found = proposed(
        tmp_path,
        update("$.components.schemas.PaymentRunPasswordValue", {"maxLength": 50}),
        update("$", maximum(64)),
    )
    line = line_of(tmp_path, "maxLength")
    assert [one[:2] for one in found] == [(f"overlay.json:{line}:5", "bound-contradicts-rule")]


def test_an_operation_that_an_overlay_renames_is_told_where_it_does(tmp_path: Path) -> None:
    found = proposed(tmp_path, update(UPDATE, {"operationId": "weavr_multi.change_password"}))
    line = line_of(tmp_path, "operationId")
    assert [one[0] for one in found if one[1] == "handler-lost"] == [f"overlay.json:{line}:5"]


@pytest.mark.parametrize(
    ("action", "key"),
    [
        (remove("$.components.schemas.MultiUpdatePassword.properties.oldPassword"), "remove"),
        (remove("$.components.schemas.MultiUpdatePassword.properties"), "remove"),
        (remove("$.components.schemas.MultiLogIn.required"), "remove"),
        (update("$.components.requestBodies.MultiUpdatePassword", {"required": False}), "required"),
        (remove(f"{UPDATE}.requestBody"), "remove"),
        (remove(f"{UPDATE}.security"), "remove"),
    ],
)
def test_a_handler_that_an_overlay_makes_unfit_is_told_where_it_does(tmp_path: Path, action: Action, key: str) -> None:
    besides = update("$.components.schemas.MultiUpdatePassword", {"description": "New words."})
    found = proposed(tmp_path, action, besides)
    places = {one[0].rpartition(":")[0] for one in found if one[1] == "handler-unfit"}
    assert places == {f"overlay.json:{line_of(tmp_path, key)}"}


def test_all_reasons_why_a_handler_is_unfit_are_told_each_at_its_line(tmp_path: Path) -> None:
    schema = "$.components.schemas.MultiUpdatePassword"
    found = proposed(
        tmp_path,
        remove(f"{schema}.required"),
        remove(f"{schema}.properties.newPassword"),
        update("$.components.requestBodies.MultiUpdatePassword", {"required": False}),
    )
    unfit = "The handler of weavr_multi.update_password does not fit any more:"
    removals = [number for number, line in enumerate(lines_of(tmp_path), 1) if '"remove"' in line]
    assert sorted(found) == [
        (place, "handler-unfit", f"{unfit} {reason}. The document answers it.")
        for place, reason in (
            (f"overlay.json:{removals[0]}:4", "the field oldPassword.value is no longer required"),
            (f"overlay.json:{removals[1]}:4", "the request has no field newPassword.value"),
            (f"overlay.json:{line_of(tmp_path, 'required')}:5", "the body is no longer required"),
        )
    ]


def test_an_answer_that_an_overlay_removes_is_told_at_the_removal(tmp_path: Path) -> None:
    found = proposed(tmp_path, remove("$.paths['/passwords/validate'].post.responses['204']"))
    told = "The stand-in answers weavr_multi.validate_password with 204, which is not declared."
    assert found == [(f"overlay.json:{line_of(tmp_path, 'remove')}:4", "answer-undeclared", told)]


def test_what_lacks_an_example_that_an_overlay_removes_is_told_at_the_removal(tmp_path: Path) -> None:
    found = proposed(tmp_path, remove(f"{CONFLICT}.PASSWORD_TOO_LONG"))
    place = f"overlay.json:{line_of(tmp_path, 'remove')}:4"
    assert {one[:2] for one in found} == {(place, "rule-without-answer"), (place, "code-without-example")}


def test_examples_that_an_overlay_made_unfit_are_told_where_it_did_each_once_with_operation_and_place(
    tmp_path: Path,
) -> None:
    found = proposed(tmp_path, update("$.components.schemas.MultiPasswordValue", {"maxLength": 12}))
    unfit = [(place, sentence) for place, check, sentence in found if check == "example-unfit"]
    assert {place for place, _ in unfit} == {f"overlay.json:{line_of(tmp_path, 'maxLength')}:5"}
    first = [sentence for _, sentence in unfit if "example first of the request" in sentence]
    assert [one.partition(":")[0] for one in first] == ["weavr_multi.consume_invite", "weavr_multi.create_password"]
    assert first[0].endswith("openapi/weavr_multi/examples.yaml:25:1.")


LOG_IN = "$.components.schemas.MultiLogIn"
UNFIT_BY: list[tuple[str, str, Sequence[Action]]] = [
    ("required", "device", [update("$.components.schemas.MultiLogIn", {"required": ["device"]})]),
    ("type", "type", [update("$.components.schemas.WeavrEmail", {"type": "integer"})]),
    ("in allOf", "maxLength", [update("$.components.schemas.WeavrEmail", {"allOf": [{"maxLength": 1}]})]),
    ("removed", "remove", [remove("$.components.schemas.WeavrUpdateConflict.properties.errorCode.enum[0]")]),
    (
        "closed",
        "additionalProperties",
        [remove(f"{LOG_IN}.properties.email"), update(LOG_IN, {"additionalProperties": False})],
    ),
]


@pytest.mark.parametrize(("key", "actions"), [one[1:] for one in UNFIT_BY], ids=[one[0] for one in UNFIT_BY])
def test_an_example_is_told_at_the_keyword_that_refuses_it(key: str, actions: Sequence[Action], tmp_path: Path) -> None:
    places = {place for place, check, _ in proposed(tmp_path, *actions) if check == "example-unfit"}
    assert {place.split(":")[1] for place in places} == {str(line_of(tmp_path, key))}


def test_settings_of_a_system_without_operations_are_looked_at_as_serve_does(tmp_path: Path) -> None:
    settings = {"entrust": {"password": {"minimum_length": 9}}}
    gone = remove("$.paths[*][?@.tags[0] == 'entrust']")
    assert proposed(tmp_path, gone, update("$", {"x-watchword-settings": settings})) == []


def test_a_fault_may_be_for_somebody_whom_only_the_server_has(tmp_path: Path) -> None:
    fault = {"match": {"person": "alice"}, "fault": {"answer": {"status": 503}}}
    assert proposed(tmp_path, update("$", {"x-watchword-faults": [fault]})) == []


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
