"""``python -m tests.bench.rest_alone PORT``: ``watchword serve`` with REST over HTTP/1.1 only, without detection."""

import sys
from typing import Any

from watchword import build
from watchword.cli.main import cli
from watchword.domain.hashing import Profile
from watchword.server import run
from watchword.server.http1 import Http1Protocol


def _http1_only(*_: Any) -> type[Http1Protocol]:
    """Replace the detection of protocols: every connection speaks HTTP/1.1."""
    return Http1Protocol


def main() -> None:
    """Serve."""
    setattr(build, "PROTOCOL_ADAPTERS", ())  # noqa: B010  # only the benchmark needs such a server
    setattr(run, "ProtocolFactory", _http1_only)  # noqa: B010
    cli(["serve", "--port", sys.argv[1], "--hashing", Profile.FAST.value])


if __name__ == "__main__":
    main()
