"""The envelopes that both products have in common."""

from datetime import timedelta

import pytest

from watchword.domain.refusal import Malformed, TooManyRequests, Violation
from watchword.systems.weavr import envelope


@pytest.mark.parametrize(
    ("violations", "body"),
    [
        (
            [Violation("body", ("password", "value"), "maxLength", 100, "is too long")],
            {
                "message": "Invalid request",
                "syntaxErrors": {"invalidFields": [{"params": ["password"], "fieldName": "value", "error": "SIZE"}]},
            },
        ),
        (
            [Violation("body", ("password", "value"), "minLength", 1, "is empty")],
            {"message": "request.password.value: must not be blank"},
        ),
        (
            [Violation("body", (), "syntax", None, "The body is not JSON.")],
            {"message": "Invalid request: The body is not JSON."},
        ),
    ],
    ids=["too long", "blank", "unreadable"],
)
def test_a_malformed_request_gets_the_envelope_of_the_vendor(violations: list[Violation], body: object) -> None:
    assert envelope.render(Malformed(violations), lambda _: None, blank="sentence").body == body


def test_a_blank_password_can_be_listed() -> None:
    violations = [Violation("body", ("password", "value"), "pattern", r"\S", r"must match \S")]
    answer = envelope.render(Malformed(violations), lambda _: None, blank="list")
    fields = [{"params": ["password"], "fieldName": "value", "error": "HAS_TEXT"}]
    assert answer.body == {
        "message": "Invalid request",
        "syntaxErrors": {"invalidFields": fields},
    }


def test_rate_limits_are_in_two_headers() -> None:
    windows = [(10, timedelta(minutes=1)), (20, timedelta(hours=1)), (200, timedelta(days=1))]
    refusal = TooManyRequests(20, timedelta(hours=1), windows, timedelta(seconds=41.2))
    answer = envelope.render(refusal, lambda _: None, blank="sentence")
    assert answer.body is None
    assert answer.headers["x-ratelimit-limit"] == "20, 10;w=60, 20;w=3600, 200;w=86400"
    assert answer.headers["x-ratelimit-reset"] == "42"


@pytest.mark.parametrize(
    ("status", "body", "codes"),
    [
        (200, {"token": "x"}, set()),
        (401, None, set()),
        (404, {}, {"USER_NOT_FOUND"}),
        (409, {"token": "x"}, {"PASSWORD_EXPIRED"}),
        (409, {"errorCode": "PASSWORD_INCORRECT"}, {"PASSWORD_INCORRECT"}),
        (404, {"code": "TOKEN_NOT_FOUND", "message": "…"}, {"TOKEN_NOT_FOUND"}),
        (400, {"message": "Invalid request: that is no JSON"}, {"UNREADABLE"}),
    ],
)
def test_the_codes_of_an_answer_are_found(status: int, body: object, codes: set[str]) -> None:
    assert envelope.code_of(status, body) == codes


def test_a_hint_is_one_short_line_of_ascii() -> None:
    assert envelope.hint("") == envelope.hint(" ") == {}
    assert envelope.hint("  a   b ") == {envelope.HINT: "a b"}
    text = envelope.hint("zwei\r\nZeilen – " + "x" * 999)[envelope.HINT]
    assert text.startswith("zwei Zeilen \\u2013 x")
    assert len(text) == 600
