"""The log: one line per request, for people or for programs."""

import asyncio
import json
import logging
import sys
from types import SimpleNamespace

import pytest

from watchword.cli.logs import RequestLog, configure_logging
from watchword.edge.access_log import AccessLogEntry

pytestmark = pytest.mark.usefixtures("logging_as_before")

HIT = AccessLogEntry("POST", "/hits", 200, "toy.hit", "default", "rest", "toy")
REFUSED = HIT._replace(status=409, sandbox="box", code="TOO_OFTEN", reference="c0ffee")


def log_requests(*entries: AccessLogEntry, as_json: bool = False) -> None:
    async def serving() -> None:
        log = RequestLog(json=as_json)
        for entry in entries:
            log(entry)
        await asyncio.sleep(0)

    asyncio.run(serving())


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (HIT, "POST /hits 200 toy"),
        (HIT._replace(protocol="grpc", path="/toy.Toys/Hit"), "POST /toy.Toys/Hit 200 (grpc) toy"),
        (REFUSED, "POST /hits 409 toy TOO_OFTEN sandbox=box request-ref=c0ffee"),
        (HIT._replace(system=""), "POST /hits 200"),
    ],
)
def test_a_line_of_text_has_the_time_the_request_and_how_it_was_answered(
    capsys: pytest.CaptureFixture[str], entry: AccessLogEntry, text: str
) -> None:
    log_requests(entry)
    time, _, message = capsys.readouterr().err.rstrip("\n").partition(" ")
    assert message == text
    assert len(time.split(":")) == 3


def test_a_json_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=True, verbose=False)
    log_requests(REFUSED, as_json=True)
    logging.getLogger("watchword.error").error("two\nlines %s", "ä")
    request, error = map(json.loads, capsys.readouterr().err.splitlines())
    time = request.pop("time")
    assert request == {
        "level": "info",
        "message": "POST /hits 409",
        "operation": "toy.hit",
        "sandbox": "box",
        "status": 409,
        "protocol": "rest",
        "system": "toy",
        "code": "TOO_OFTEN",
        "requestRef": "c0ffee",
    }
    assert (time[10], time[19], time[-1]) == ("T", ".", "Z")
    assert (error["level"], error["message"]) == ("error", "two\nlines ä")


def test_the_lines_of_one_turn_are_one_write_in_the_order_of_the_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=written.append, flush=lambda: None))
    log_requests(*(HIT._replace(status=status) for status in (204, 404, 200)))
    (together,) = written
    assert [line.split()[3] for line in together.splitlines()] == ["204", "404", "200"]


class ClosedPipe:
    """A standard error that is no longer read."""

    def write(self, _text: str) -> None:
        """Fail like a pipe whose reader has ended."""
        raise BrokenPipeError


@pytest.mark.parametrize("stderr", [ClosedPipe(), None], ids=["closed", "never open"])
def test_the_server_goes_on_if_standard_error_is_closed(monkeypatch: pytest.MonkeyPatch, stderr: object) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    problems: list[object] = []

    async def serving() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: problems.append(context))
        RequestLog(json=False)(HIT)
        await asyncio.sleep(0)

    asyncio.run(serving())
    assert problems == []


def test_nothing_is_logged_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=False, verbose=False)
    log_requests(HIT)
    logging.getLogger("watchword.error").error("trouble")
    assert capsys.readouterr().out == ""


def test_only_warnings_of_libraries_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=False, verbose=False)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    lines = capsys.readouterr().err
    assert "chatter" not in lines
    assert "trouble" in lines


def test_a_verbose_log_has_all_messages_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=False, verbose=True)
    logging.getLogger("library").info("chatter")
    assert "chatter" in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_the_message_of_an_exception_is_not_logged(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    configure_logging(json=as_json, verbose=False)
    try:
        raise ValueError("Correct-horse-7")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    lines = capsys.readouterr().err
    assert "it failed" in lines
    assert "Correct-horse-7" not in lines


def test_configuring_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        configure_logging(json=False, verbose=False)
    logging.getLogger("watchword.error").error("trouble")
    assert capsys.readouterr().err.count("trouble") == 1
    assert len(logging.getLogger().handlers) == 1
    assert logging.getLogger().handlers[0].stream is sys.stderr  # type: ignore[attr-defined]  # a stream handler
