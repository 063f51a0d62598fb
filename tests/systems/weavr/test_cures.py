"""Requests that are right but for one thing, so that what-if has something to find."""

from typing import Any

import pytest

from tests.conftest import Api, People
from tests.outcomes import outcome
from watchword.review.decided import decided

SENDERS = {"weavr_multi": "ada", "weavr_payment_run": "bruno"}
RESUMING: dict[str, tuple[str, Any]] = {
    "REGEX": ("nonce", "12a456"),
    "SIZE": ("nonce", "1234567"),
    "UNREADABLE": ("nonce", 123456),
    "HAS_TEXT": ("newPassword", {"value": ""}),
}
CASES = [
    pytest.param(system, name, marks=outcome(f"{system}.resume_lost_password", 400, name))
    for system in SENDERS
    for name in RESUMING
    if f"400 {name}" in decided().get(f"{system}.resume_lost_password", {})
]


@pytest.mark.parametrize(("system", "name"), CASES)
def test_one_field_of_a_forgotten_password(api: Api, people: People, system: str, name: str) -> None:
    person = people[system, SENDERS[system]]
    start, resume = f"{system}.start_lost_password", f"{system}.resume_lost_password"
    assert api.call(start, headers=person.headers, body={"email": person.login}).status == 204
    field, value = RESUMING[name]
    body = {"email": person.login, "nonce": "123456", "newPassword": {"value": "Quiet-river-42"}, field: value}
    assert api.call(resume, headers=person.headers, body=body).status == 400
