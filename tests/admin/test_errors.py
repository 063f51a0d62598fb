"""How control errors are answered."""

import inspect
from typing import Any

import pytest

from watchword.admin.errors import STATUSES, answer_control_errors, render_error
from watchword.control.errors import ContradictorySettings, ControlError, DefaultSandboxStays, SettingViolation
from watchword.system import Answer

CALL: Any = None


def test_every_control_error_has_a_status() -> None:
    ours = {one for one in ControlError.__subclasses__() if one.__module__ == ControlError.__module__}
    assert set(STATUSES) == ours


def test_a_control_error_is_answered_with_its_code_and_its_sentence() -> None:
    def fail(_call: object) -> Answer:
        raise DefaultSandboxStays("default")

    answered: Any = answer_control_errors(fail)(CALL)
    assert (answered.status, answered.body["code"]) == (409, "default-stays")
    assert answered.body["detail"] == ("The sandbox 'default' is always there. Reset it instead: POST /__admin/reset.")
    assert answered.headers == {"Content-Type": "application/problem+json"}


def test_an_asynchronous_handler_stays_asynchronous() -> None:
    async def fail(_call: object) -> Answer:
        raise DefaultSandboxStays("default")

    handler = answer_control_errors(fail)
    assert inspect.iscoroutinefunction(handler)
    with pytest.raises(StopIteration) as stopped:
        handler(CALL).send(None)
    assert stopped.value.value.status == 409


def test_every_setting_that_is_wrong_is_named() -> None:
    error = ContradictorySettings([SettingViolation(("toy", "colors", "0"), "must be a colour")])
    assert render_error(error).body["errors"] == [
        {"in": "body", "field": "toy.colors.0", "problem": "must be a colour"}
    ]
