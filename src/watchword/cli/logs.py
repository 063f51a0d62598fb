"""One line a request, for people or for machines; never a body, a query or a header."""

import asyncio
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson

from watchword.domain.clock import system_time
from watchword.edge.access_log import AccessLogEntry


def _json(moment: datetime, level: str, message: str, **known: Any) -> str:
    time = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps({"time": time, "level": level, "message": message, **known}).decode()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {record.getMessage()}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _json(datetime.fromtimestamp(record.created, UTC), record.levelname.lower(), record.getMessage())


class RequestLog:
    """
    Writes the lines of requests to standard error, all of one turn of the event loop together, with one time.

    Python's logging would take a sixth of a small request.

    Args:
        machine: One JSON object a line instead of text.
    """

    def __init__(self, *, machine: bool) -> None:
        self._written = _for_machines if machine else _for_people
        self._waiting: list[AccessLogEntry] = []

    def __call__(self, line: AccessLogEntry) -> None:
        """Note *line*."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._write)
        self._waiting.append(line)

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        text = "".join(self._written(system_time(), lines))
        # Nobody reads it, any more or at all: no reason to stop serving.
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                sys.stderr.write(text)
                sys.stderr.flush()


def _for_people(moment: datetime, lines: Iterable[AccessLogEntry]) -> Iterator[str]:
    time = f"{moment:%H:%M:%S}"
    return (f"{time} {line}\n" for line in lines)


def _for_machines(moment: datetime, lines: Iterable[AccessLogEntry]) -> Iterator[str]:
    for line in lines:
        known = {"operation": line.operation, "sandbox": line.sandbox, "status": line.status, "protocol": line.protocol}
        yield f"{_json(moment, 'info', str(line), **known)}\n"


def set_up(*, machine: bool, verbose: bool) -> None:
    """
    Log to standard error whatever is no request.

    Args:
        machine: One JSON object a line instead of text.
        verbose: Also what libraries have to say.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if machine else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("watchword").setLevel(logging.INFO)
