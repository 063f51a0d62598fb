"""A run says which tests it skipped and what would let them run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest
from tests.skips import *

@pytest.mark.parametrize("number", range(3))
def test_needs_clients(number):
    pytest.skip("make clients installs them")

def test_runs():
    pass
"""


def run(folder: Path, *arguments: str, tests: str = TESTS) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text("from tests.skips import *\n", encoding="utf-8")
    (folder / "test_some.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [*command, "-c", "/dev/null", *arguments, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_skipped_tests_are_counted_by_what_would_let_them_run(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout + ended.stderr
    assert "3 skipped: make clients installs them" in ended.stdout


def test_a_gate_fails_if_a_test_was_skipped(tmp_path: Path) -> None:
    ended = run(tmp_path, "--no-skips")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout + ended.stderr
    assert "Skipped tests count as failures" in ended.stdout


def test_what_a_machine_cannot_have_fails_no_gate(tmp_path: Path) -> None:
    ended = run(tmp_path, "--no-skips", tests=TESTS.replace("make clients installs them", "this machine has no IPv6"))
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout + ended.stderr
    assert "3 skipped: this machine has no IPv6" in ended.stdout
