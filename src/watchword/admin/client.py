"""``/__admin/client.mjs`` and ``/__admin/client.d.mts``: the client for tests of front ends, and its types."""

from functools import cache
from pathlib import Path

from watchword.system import Answer, Call

_HERE = Path(__file__).parent / "static"


def read_client(_call: Call) -> Answer:
    """Send the client."""
    return _file("client.mjs", "text/javascript")


def read_types(_call: Call) -> Answer:
    """Send its types."""
    return _file("client.d.mts", "application/typescript")


@cache
def _file(name: str, kind: str) -> Answer:
    headers = {"Content-Type": kind, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Answer(200, (_HERE / name).read_bytes(), headers)
