"""One line a request, for people or for machines; never a body, a query or a header."""

import asyncio
import json
import logging
import sys
from types import SimpleNamespace

import pytest

from watchword.cli.logs import RequestLog, set_up
from watchword.edge.access_log import AccessLogEntry

pytestmark = pytest.mark.usefixtures("logging_as_before")

HIT = AccessLogEntry("POST", "/hits", 200, "toy.hit", "box", "rest")


def log_requests(*lines: AccessLogEntry, machine: bool = False) -> None:
    async def serving() -> None:
        log = RequestLog(machine=machine)
        for line in lines:
            log(line)
        await asyncio.sleep(0)

    asyncio.run(serving())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (HIT, "POST /hits 200"),
        (HIT._replace(protocol="grpc", path="/toy.Toys/Hit"), "POST /toy.Toys/Hit 200 (grpc)"),
    ],
)
def test_people_get_the_time_and_what_was_asked_and_answered(
    capsys: pytest.CaptureFixture[str], line: AccessLogEntry, text: str
) -> None:
    log_requests(line)
    time, _, message = capsys.readouterr().err.rstrip("\n").partition(" ")
    assert message == text
    assert len(time.split(":")) == 3


def test_machines_get_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=True, verbose=False)
    log_requests(HIT, machine=True)
    logging.getLogger("watchword.error").error("two\nlines %s", "ä")
    request, error = map(json.loads, capsys.readouterr().err.splitlines())
    time = request.pop("time")
    assert request == {
        "level": "info",
        "message": "POST /hits 200",
        "operation": "toy.hit",
        "sandbox": "box",
        "status": 200,
        "protocol": "rest",
    }
    assert (time[10], time[19], time[-1]) == ("T", ".", "Z")
    assert (error["level"], error["message"]) == ("error", "two\nlines ä")


def test_the_lines_of_one_turn_are_written_together_in_the_order_of_the_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=written.append, flush=lambda: None))
    log_requests(*(HIT._replace(status=status) for status in (204, 404, 200)))
    (together,) = written
    assert [line[-3:] for line in together.splitlines()] == ["204", "404", "200"]


class Gone:
    """What nobody reads any more."""

    def write(self, _text: str) -> None:
        """Say so."""
        raise BrokenPipeError


@pytest.mark.parametrize("reader", [Gone(), None], ids=["gone", "never there"])
def test_who_does_not_read_the_log_is_served_on(monkeypatch: pytest.MonkeyPatch, reader: object) -> None:
    monkeypatch.setattr(sys, "stderr", reader)
    problems: list[object] = []

    async def serving() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: problems.append(context))
        RequestLog(machine=False)(HIT)
        await asyncio.sleep(0)

    asyncio.run(serving())
    assert problems == []


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(machine=False, verbose=False)
    log_requests(HIT)
    logging.getLogger("watchword.error").error("trouble")
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
    logging.getLogger("watchword.error").error("trouble")
    assert capsys.readouterr().err.count("trouble") == 1
    assert len(logging.getLogger().handlers) == 1
    assert logging.getLogger().handlers[0].stream is sys.stderr  # type: ignore[attr-defined]  # a stream handler
