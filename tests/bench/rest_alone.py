"""``python -m tests.bench.rest_alone PORT``: ``watchword serve``, REST over HTTP/1.1 alone, and nothing looked for."""

import sys
from typing import Any

from watchword import build
from watchword.cli import cli
from watchword.domain.hashing import Profile
from watchword.server import run
from watchword.server.http1 import Protocol


def _straight(_app: Any) -> type[Protocol]:
    """Stand where a connection's first bytes are looked at, and look at nothing."""
    return Protocol


def main() -> None:
    """Serve."""
    setattr(build, "PROTOCOL_ADAPTERS", ())  # noqa: B010  # a server without them is wanted nowhere else
    setattr(run, "Sniffing", _straight)  # noqa: B010
    cli(["serve", "--port", sys.argv[1], "--hashing", Profile.FAST.value])


if __name__ == "__main__":
    main()
