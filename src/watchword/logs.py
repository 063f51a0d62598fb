"""One line a request, for people or for machines; never a body, a query or a header."""

import logging
import sys
from datetime import UTC, datetime

import orjson

_KNOWN = ("operation", "sandbox", "status", "protocol")


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        return f"{moment:%H:%M:%S} {record.getMessage()}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        known = {
            name: getattr(record, name)
            for name in ("operation", "sandbox", "status", "protocol")
            if hasattr(record, name)
        }
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **known,
        }
        return orjson.dumps(line).decode()


def set_up(*, machine: bool, verbose: bool) -> None:
    """
    Log to standard error.

    Args:
        machine: One JSON object a line instead of text.
        verbose: Also what libraries have to say.
    """
    # No line of ours names them, and asking for them is a tenth of a small request.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if machine else _Line())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("watchword").setLevel(logging.INFO)
