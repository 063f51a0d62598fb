"""The options of the pytest plugin."""

from collections.abc import Sequence
from pathlib import Path

import pytest

FORMATS = {".json": "json", ".md": "md", ".html": "html", ".txt": "text"}
"""How a file of coverage is written, by its ending."""


def add_options(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("watchword", "Watchword: a stand-in for password APIs")
    group.addoption("--watchword-url", metavar="URL", help="Use this running server (or WATCHWORD_URL).")
    group.addoption(
        "--watchword-strict",
        action="store_true",
        help="Fail a test that sent something outside the document: a field, parameter, path, type or header.",
    )
    group.addoption(
        "--watchword-proposal",
        metavar="NAME",
        help="Let every sandbox choose this proposal, which the server has (serve --proposal NAME=FILE).",
    )
    group.addoption(
        "--watchword-coverage",
        metavar="FILE",
        type=_coverage_file,
        action="append",
        default=[],
        help="Write what the tests reached: .json, .md, .html or .txt; repeatable.",
    )
    group.addoption(
        "--watchword-min-coverage",
        metavar="N",
        type=_percent,
        help="Fail the run if less than N percent of the documented answers were reached.",
    )
    group.addoption(
        "--watchword-operations",
        metavar="PATTERNS",
        action="append",
        default=[],
        help="The operations that coverage is about, such as 'weavr_multi.*'; by default all of the systems called."
        " Repeatable, or several with commas.",
    )


def check_coverage_files(files: Sequence[Path]) -> None:
    """
    Prove that files of coverage can be written at the end of the run.

    Raises:
        pytest.UsageError: One cannot.
    """
    if not files:
        return
    from watchword.file_to_write import find_obstacle  # noqa: PLC0415  # only those who ask pay

    for file in files:
        if obstacle := find_obstacle(file):
            raise pytest.UsageError(f"--watchword-coverage {file}: {obstacle}.")


def _coverage_file(text: str) -> Path:
    if Path(text).suffix not in FORMATS:
        raise pytest.UsageError(f"--watchword-coverage {text}: the name must end in {', '.join(FORMATS)}.")
    return Path(text)


def _percent(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise pytest.UsageError(f"--watchword-min-coverage {text}: write a number from 0 to 100.")
    return number
