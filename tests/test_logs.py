"""One line a request, for people or for machines; never a body, a query or a header."""

import json
import logging
import sys

import pytest

from watchword.logs import set_up

pytestmark = pytest.mark.usefixtures("logging_as_before")


def log_request() -> None:
    extra = {"operation": "toy.hit", "sandbox": "box", "status": 200}
    logging.getLogger("watchword.request").info("%s %s %d", "POST", "/hits", 200, extra=extra)


def test_people_get_the_time_and_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=False, verbose=False)
    log_request()
    time, _, message = capsys.readouterr().err.rstrip("\n").partition(" ")
    assert message == "POST /hits 200"
    assert len(time.split(":")) == 3


def test_machines_get_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=True, verbose=False)
    log_request()
    logging.getLogger("watchword.error").error("two\nlines %s", "ä")
    request, error = map(json.loads, capsys.readouterr().err.splitlines())
    time = request.pop("time")
    assert request == {
        "level": "info",
        "message": "POST /hits 200",
        "operation": "toy.hit",
        "sandbox": "box",
        "status": 200,
    }
    assert (time[10], time[19], time[-1]) == ("T", ".", "Z")
    assert (error["level"], error["message"]) == ("error", "two\nlines ä")


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=False, verbose=False)
    log_request()
    assert capsys.readouterr().out == ""


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=False, verbose=False)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    lines = capsys.readouterr().err
    assert "chatter" not in lines
    assert "trouble" in lines


def test_or_from_the_start_if_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=False, verbose=True)
    logging.getLogger("library").info("chatter")
    assert "chatter" in capsys.readouterr().err


@pytest.mark.parametrize("machine", [False, True])
def test_an_exceptions_own_words_are_not_logged(capsys: pytest.CaptureFixture[str], *, machine: bool) -> None:
    set_up(machine=machine, verbose=False)
    try:
        raise ValueError("Correct-horse-7")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    lines = capsys.readouterr().err
    assert "it failed" in lines
    assert "Correct-horse-7" not in lines


def test_setting_up_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        set_up(machine=False, verbose=False)
    log_request()
    assert capsys.readouterr().err.count("POST /hits 200") == 1
    assert len(logging.getLogger().handlers) == 1
    assert logging.getLogger().handlers[0].stream is sys.stderr  # type: ignore[attr-defined]  # a stream handler
