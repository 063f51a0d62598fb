"""One server for the tests of what consumers use, and pytest in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.proposals import NEXT
from tests.serving import Served, serving
from watchword.client import Sandbox, Watchword

RunPytest = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def consumed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that counts every request, and has a proposal."""
    folder = tmp_path_factory.mktemp("consumed")
    (folder / "next.yaml").write_text(NEXT, encoding="utf-8")
    with serving(folder, "--coverage", "--proposal", f"next={folder / 'next.yaml'}") as server:
        yield server


@pytest.fixture
def box(consumed: Served, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox for this test, made by the client."""
    made = Watchword(consumed.url).sandbox(request.node.nodeid)
    yield made
    made.drop()


@pytest.fixture
def run_pytest(tmp_path: Path, consumed: Served) -> RunPytest:
    """Run a consumer's test file with our plugin, against that server unless *url* is None."""

    def run(text: str, *flags: str, url: str | None = consumed.url) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "test_consumer.py").write_text(text, encoding="utf-8")
        given = () if url is None else ("--watchword-url", url)
        # Other plugins are ours to develop with, and take time to load.
        quick = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio")
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", "-q", *quick, *given, *flags],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "WATCHWORD"))},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
