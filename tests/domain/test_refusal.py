"""Refusals, before a system renders them."""

from datetime import timedelta

import pytest

from watchword.domain.refusal import (
    InternalFailure,
    Maintenance,
    Malformed,
    Refusal,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthorized,
    UnknownPath,
    UnsupportedMediaType,
    Violation,
    WrongMethod,
)

MINUTE = timedelta(minutes=1)


class Locked(Refusal):
    """423. A refusal as a system defines it."""

    status, code = 423, "LOCKED"
    default_message = "The account is locked."


def test_a_refusal_has_its_default_message_unless_it_is_given_another() -> None:
    assert Locked().message == str(Locked()) == "The account is locked."
    assert Locked("Locked until noon.").message == "Locked until noon."


def test_headers_and_delay_belong_to_one_refusal() -> None:
    shared = {"Retry-After": "60"}
    refusal = Locked(headers=shared, delay=timedelta(seconds=2))
    refusal.headers["x"] = "y"
    assert shared == {"Retry-After": "60"}
    assert refusal.delay == timedelta(seconds=2)
    assert (Locked().headers, Locked().delay) == ({}, timedelta(0))


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (Unauthorized("Credentials for key are missing."), 401, "Credentials for key are missing."),
        (UnknownPath("GET", "/user", ["GET /users"]), 404, "There is no GET /user here. Nearest: GET /users."),
        (UnknownPath("GET", "/user", []), 404, "There is no GET /user here. Nearest: nothing."),
        (WrongMethod("PUT", "/users", ["GET", "POST"]), 405, "PUT is not served at /users. Allowed: GET, POST."),
        (TooSlow(0.5), 408, "The request body did not arrive within 0.5 seconds."),
        (TooLarge(1024), 413, "The request body is longer than 1024 bytes."),
        (UnsupportedMediaType(["application/json"]), 415, "Send application/json."),
        (TooManyRequests(5, MINUTE, [], timedelta(seconds=3)), 429, "More than 5 requests; try again in 3 seconds."),
        (InternalFailure("120000-ab12"), 500, "Internal error, reference 120000-ab12."),
        (Maintenance(), 503, "Temporarily offline for maintenance. Try again later."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Refusal) else "",
)
def test_every_general_refusal_has_a_status_and_a_message(refusal: Refusal, status: int, words: str) -> None:
    assert refusal.status == status
    assert words in refusal.message


def test_a_wrong_method_lists_the_allowed_ones() -> None:
    refusal = WrongMethod("PUT", "/users", ["GET", "POST"])
    assert refusal.headers == {"Allow": "GET, POST"}
    assert refusal.allowed == ("GET", "POST")


def test_an_unsupported_media_type_lists_the_accepted_ones() -> None:
    refusal = UnsupportedMediaType(["application/json", "application/problem+json"])
    assert refusal.headers == {"Accept-Post": "application/json, application/problem+json"}


def test_a_malformed_request_has_all_its_violations() -> None:
    violations = [
        Violation("body", ("password", "value"), "required", None, "is required"),
        Violation("query", ("page",), "minimum", 1, "must be at least 1"),
    ]
    refusal = Malformed(violations)
    assert refusal.status == 400
    assert refusal.violations == tuple(violations)


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (timedelta(seconds=59), 59),
        (timedelta(seconds=58.001), 59),
        (timedelta(milliseconds=1), 1),
        (timedelta(0), 1),
    ],
)
def test_the_seconds_to_wait_are_rounded_up_and_at_least_one(after: timedelta, seconds: int) -> None:
    assert TooManyRequests(5, MINUTE, [], after).reset_seconds == seconds
