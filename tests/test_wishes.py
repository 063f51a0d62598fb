"""Clients ask for a declared answer with ``Prefer``, of operations with a handler too; nothing is changed then."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import START, Api, People, Response
from watchword.build import Options, build
from watchword.document.http_rules import number_of
from watchword.domain.hashing import Profile
from watchword.system import System
from watchword.systems import SYSTEMS

OVERLAY = """
overlay: 1.0.0
actions:
  - target: $.components.schemas.WeavrUpdateConflict.properties.errorCode.enum
    update: PASSWORD_BREACHED
  - target: $.components.responses.WeavrUpdateConflict.content['application/json'].examples
    update: {PASSWORD_BREACHED: {value: {errorCode: PASSWORD_BREACHED}}}
"""


@pytest.fixture
def extended(api: Api, tmp_path: Path) -> Api:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    options = Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay])
    return Api(build(options), api.runner, "wishes")


def test_a_code_that_an_overlay_adds_is_answered_and_the_password_stays(extended: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    body = {"oldPassword": {"value": ada.password}, "newPassword": {"value": "Quiet-river-42"}}
    wish = {**ada.headers, "Prefer": "code=409, example=PASSWORD_BREACHED"}
    answer = extended.request("POST", "/passwords/update", json=body, headers=wish)
    assert (answer.status, answer.body) == (409, {"errorCode": "PASSWORD_BREACHED"})
    assert answer.headers["preference-applied"] == "code=409, example=PASSWORD_BREACHED"
    assert "watchword-hint" not in answer.headers  # its example in the document is about another request
    again = extended.request("POST", "/passwords/update", json=body, headers=ada.headers)
    assert again.status == 200
    assert "watchword-answer" not in again.headers


def test_a_code_with_an_unknown_example_is_answered_with_its_first_one_and_says_which_half_was_fulfilled(
    extended: Api, people: People
) -> None:
    ada = people["weavr_multi", "ada"]
    body = {"oldPassword": {"value": ada.password}, "newPassword": {"value": "Quiet-river-42"}}

    def update(prefer: str) -> Response:
        return extended.request("POST", "/passwords/update", json=body, headers={**ada.headers, "Prefer": prefer})

    half = update("code=409, example=UNKNOWN")
    assert (half.status, half.body) == (409, update("code=409").body)
    assert half.headers["preference-applied"] == "code=409"
    assert half.headers["watchword-hint"].startswith("Prefer: there is no such example here. There are: ")
    assert update("code=409, example=UNKNOWN, handling=strict").status == 400
    assert update("example=UNKNOWN").status == 200  # the handler has run, and neither of those before changed anything


@pytest.mark.parametrize("system", [one for one in SYSTEMS if one.quickstart], ids=lambda one: one.name)
def test_every_declared_answer_of_an_operation_with_a_handler_can_be_had(
    extended: Api, people: People, system: System
) -> None:
    quickstart = system.quickstart
    assert quickstart is not None
    person = people[system.name, quickstart.person]
    operation = extended.built.imitated.document.operations[quickstart.operation]

    def call(prefer: str) -> Response:
        headers = {**person.headers, "Prefer": prefer}
        path, body = quickstart.path(person), quickstart.body(person)
        return extended.call(operation.id, path=path, body=body, headers=headers)

    for status, shape in operation.responses.items():
        number = number_of(status, operation.responses)
        assert not (status == "default" and number < 400)
        for name, value in shape.examples.items():
            answer = call(f'code={status}, example="{name}"')
            assert (answer.status, answer.body) == (number, value)
            assert answer.headers["preference-applied"].startswith(f"code={status}, example=")
        assert call(f"code={number}").status == number
    hint = call("code=199").headers["watchword-hint"]
    assert f"There are: {', '.join(operation.responses)}." in hint


def test_beside_a_success_default_is_for_errors(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    body = {"password": {"value": "Quiet-river-42"}}

    def validate(prefer: str) -> Response:
        return api.request("POST", "/passwords/validate", json=body, headers={**ada.headers, "Prefer": prefer})

    assert [validate(f"code={code}").status for code in ("418", "500", "200", "302")] == [418, 500, 204, 204]
    assert "There are: 204, " in validate("code=200").headers["watchword-hint"]
    assert validate("code=200, handling=strict").status == 400
    plan: dict[str, Any] = {"fault": {"answer": {"status": 200}}}
    sent = {"Watchword-Sandbox": str(api.sandbox)}
    assert api.request("POST", "/__admin/faults", json=plan, headers=sent).status == 201
    assert validate("").status == 204
    plan = {"match": {"operation": "weavr_multi.validate_password"}, "fault": {"answer": {"status": 200}}}
    refused = api.request("POST", "/__admin/faults", json=plan, headers=sent)
    assert (refused.status, refused.body["code"]) == (409, "impossible-fault")


@pytest.mark.parametrize("code", ["20\xb2", "２００".encode().decode("latin-1"), "-00", "2e2"])
def test_a_code_that_is_no_number_is_a_wish_that_cannot_be_fulfilled(api: Api, people: People, code: str) -> None:
    ada = people["weavr_multi", "ada"]
    body = {"password": {"value": "Quiet-river-42"}}
    answer = api.request("POST", "/passwords/validate", json=body, headers={**ada.headers, "Prefer": f"code={code}"})
    assert answer.status == 204
    assert "watchword-hint" in answer.headers


@pytest.mark.parametrize("system", [one for one in SYSTEMS if one.quickstart], ids=lambda one: one.name)
def test_an_answer_that_is_asked_for_is_negotiated_with_a_handler_as_without_one(
    api: Api, people: People, system: System
) -> None:
    quickstart = system.quickstart
    assert quickstart is not None
    person = people[system.name, quickstart.person]
    operation = api.built.imitated.document.operations[quickstart.operation]

    success = next(status for status in operation.responses if status.startswith("2"))

    def call(accept: str) -> Response:
        headers = {**person.headers, "Prefer": f"code={success}", "Accept": accept}
        return api.call(operation.id, path=quickstart.path(person), body=quickstart.body(person), headers=headers)

    assert call("application/json").status == int(success)
    assert call("text/html, */*;q=0.1").status == int(success)
    assert call("text/html").status == 406
