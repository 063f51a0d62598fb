"""Playwright, with the browser that is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.edge.test_browser import BROWSER
from tests.serving import PATIENCE_SECONDS

HERE = Path(__file__).parent
README = (HERE.parents[1] / "README.md").read_text(encoding="utf-8")
STATIC = HERE.parents[1] / "src" / "watchword" / "admin" / "static"
PROGRAMS = HERE / "node_modules" / ".bin"
ADDRESS = "http://127.0.0.1:7070"
"""Of Watchword, in the README and in the page."""

needs_packages = pytest.mark.skipif(
    not (HERE / "node_modules").exists(), reason="make clients installs the clients from npm"
)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="make browser installs Chromium")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="make clients installs Node")


def run(command: list[str], where: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  # our own scripts
        command,
        cwd=where,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_SECONDS,
        check=False,
    )


def play(folder: Path, spec: str, *flags: str, fixture: str = "fixture.mjs", url: str, page_url: str) -> str:
    """
    Play a file of tests, which have to pass.

    Args:
        folder: An empty one.
        flags: Of ``playwright test``.
        url: Where Watchword is.
        page_url: Where the page is.

    Returns:
        What Playwright prints.
    """
    specs = folder / "specs"
    specs.mkdir()
    (specs / "node_modules").symlink_to(HERE / "node_modules")
    shutil.copy(HERE / fixture, specs / "fixture.mjs")
    for file in (HERE / spec, HERE / "playwright.config.mjs", STATIC / "client.mjs"):
        shutil.copy(file, specs)
    ended = run(
        [str(PROGRAMS / "playwright"), "test", "--config", "playwright.config.mjs", *flags],
        specs,
        WATCHWORD_URL=url,
        PAGE_URL=page_url,
        BROWSER=str(BROWSER),
        SPECS=str(specs),
        RESULTS=str(folder / "results"),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def copy_with_address(files: Iterable[Path], folder: Path, url: str) -> None:
    """Copy files into *folder*, with the address of another Watchword."""
    for file in files:
        text = file.read_text(encoding="utf-8").replace(ADDRESS, url)
        (folder / file.name).write_text(text, encoding="utf-8")
