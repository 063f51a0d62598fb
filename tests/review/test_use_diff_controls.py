"""What tests make of their sandboxes between their requests is made again on both sides."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from tests.review.consumers import KEY, Caller
from tests.review.looking import look, record_calls
from tests.review.seeded_use import Use, read_base
from watchword.review.difference import Section
from watchword.review.level import Level
from watchword.review.use_diff.consumers import Consumer

ADA, NEW, OTHER = "ada@multi.example", "Quiet-river-42", "Something-9-else"
_RESUME = "weavr_multi.resume_lost_password"
_NOTHING = Use("nothing", frozenset())


def _log_in(call: Caller, password: str) -> Any:
    return call("POST", "/multi/login_with_password", {"email": ADA, "password": {"value": password}}, KEY)


def _validate(call: Caller, **headers: str) -> None:
    call("POST", "/multi/passwords/validate", {"password": {"value": NEW}}, {**KEY, **headers})


def losing_an_answer(call: Caller) -> None:
    """The password is set, the page never hears of it, and the new one counts."""
    lost = {"match": {"operation": _RESUME, "person": "ada"}, "times": 1, "when": "after"}
    call("POST", "/__admin/faults", {**lost, "fault": {"connection": "EMPTY_RESPONSE"}})
    call("POST", "/multi/passwords/lost_password/start", {"email": ADA}, KEY)
    body = {"email": ADA, "nonce": "123456", "newPassword": {"value": NEW}}
    with suppress(RemoteDisconnected):
        call("POST", "/multi/passwords/lost_password/resume", body, KEY)
    assert _log_in(call, NEW)


def failing_twice(call: Caller) -> None:
    """A fault is armed, changed, spent and disarmed."""
    answer = {"match": {"system": "weavr_multi"}, "times": 1, "fault": {"answer": {"status": 503}}}
    call("POST", "/__admin/faults", answer)
    call("PATCH", "/__admin/faults/fault-1", {"times": 2})
    for _ in range(3):
        _validate(call)
    call("PATCH", "/__admin/faults", {"times": 9})
    call("DELETE", "/__admin/faults/fault-1")
    _validate(call)
    call("POST", "/__admin/faults", answer)
    call("DELETE", "/__admin/faults")
    _validate(call)


def changing_ada(call: Caller) -> None:
    """She gets another password, is locked, and is gone."""
    call("PATCH", "/__admin/people/weavr_multi/ada", {"password": OTHER})
    assert _log_in(call, OTHER)
    call("PATCH", "/__admin/people/weavr_multi/ada", {"situations": ["locked"]})
    _log_in(call, OTHER)
    call("DELETE", "/__admin/people/weavr_multi/ada")
    _log_in(call, OTHER)


def replacing_settings(call: Caller) -> None:
    """Everything else is as usual again."""
    call("PATCH", "/__admin/settings", {"weavr_multi": {"programme": {"root_profile": {"minimum": 20}}}})
    call("PUT", "/__admin/settings", {"zitadel": {"maintenance": True}})
    _validate(call)


def doing_more(call: Caller) -> None:
    """It breaks a rule, goes to a page that is none, and wishes for an answer."""
    call("PUT", "/__admin/mutants", {"mutants": ["weavr.password.length/gone"]})
    call("GET", "/multi/nothing")
    _validate(call, Prefer="code=503")
    _validate(call)


CONSUMERS = {
    one.__name__.replace("_", "-"): one
    for one in (losing_an_answer, failing_twice, changing_ada, replacing_settings, doing_more)
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Consumer]:
    """What they did, by name."""
    found = record_calls(tmp_path_factory.mktemp("recorded"), CONSUMERS, "--journal-control-calls")
    return {one.name: one for one in found}


@pytest.fixture(scope="module")
def base() -> Mapping[str, Any]:
    return read_base()


def notes(found: Section, words: str) -> Sequence[str]:
    return [one.partition(": ")[2] for one in found.notes if words in one]


@pytest.mark.parametrize("name", ["losing-an-answer", "failing-twice", "changing-ada", "replacing-settings"])
def test_what_a_consumer_s_tests_made_is_made_again_so_that_every_request_can_be_sent_again(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer], name: str
) -> None:
    found = look(tmp_path, base, _NOTHING, [recorded[name]])
    assert found.differences == ()
    assert notes(found, "could not") == []


def test_a_request_whose_answer_was_lost_has_done_what_it_did(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer]
) -> None:
    """HEAD does not set the password, so it does not count there."""
    shorter = Use("shorter", frozenset(), settings={"weavr_multi": {"programme": {"root_profile": {"maximum": 13}}}})
    found = look(tmp_path, base, shorter, [recorded["losing-an-answer"]])
    (refused,) = [one for one in found.differences if one.level is Level.BREAKING]
    assert refused.sentence.startswith("losing-an-answer: 1 request would be refused, 200 → 403")
    assert refused.sentence.endswith("(setting weavr_multi.programme.root_profile.maximum: 30 → 13)")


def test_what_is_not_made_again_and_what_is_not_judged_are_counted_with_the_reason(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer]
) -> None:
    found = look(tmp_path, base, _NOTHING, [recorded["doing-more"], recorded["failing-twice"]])
    assert notes(found, "control API") == [
        "1 call of the control API could not be made again (1 PUT /__admin/mutants)."
    ]
    assert notes(found, "left out") == [
        "2 of 3 recorded requests are left out (1 met no operation; 1 answered by a wish).",
        "2 of 5 recorded requests are left out (2 answered by a fault).",
    ]
