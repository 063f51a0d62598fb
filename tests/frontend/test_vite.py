"""A page on Vite's development server: with the proxy of the README, and with its Mock Service Worker."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.frontend.playing import HERE, PROGRAMS, README, copy_with_address, needs_browser, needs_packages, play
from tests.serving import Served

pytestmark = [needs_packages, needs_browser]


@contextmanager
def developing(folder: Path) -> Iterator[str]:
    """Run Vite over *folder*, on a free port."""
    (folder / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    command = [str(PROGRAMS / "vite"), "--host", "127.0.0.1", "--port", "0", "--logLevel", "info"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as vite:  # noqa: S603
        assert vite.stdout is not None
        said = ""
        try:
            for line in vite.stdout:
                said += line
                if found := re.search(r"http://127\.0\.0\.1:\d+", re.sub(r"\x1b\[\d*m", "", line)):
                    yield found.group()
                    break
            else:
                pytest.fail(f"Vite did not start:\n{said}")
        finally:
            vite.terminate()


@pytest.mark.parametrize("name", ["vite.config.ts", "handlers.ts"])
def test_the_readme_shows_the_files_that_are_run(name: str) -> None:
    (shown,) = re.findall(rf"^```ts\n(// {name}\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown == (HERE / name).read_text(encoding="utf-8")


def test_the_journeys_pass_through_vites_proxy(server: Served, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    copy_with_address((HERE / "page" / "index.html", HERE / "vite.config.ts"), folder, server.url)
    copy_with_address([HERE / "page" / "page.mjs"], folder, "/api")
    with developing(folder) as page_url:
        said = play(tmp_path, "password.spec.mjs", "--grep-invert", "lost answer", url=server.url, page_url=page_url)
    assert "4 passed" in said


def test_mock_service_worker_lets_pass_what_watchword_answers(server: Served, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    ours = [HERE / "page" / "index.html", HERE / "page" / "page.mjs", HERE / "handlers.ts", HERE / "mocked.mjs"]
    worker = HERE / "node_modules" / "msw" / "lib" / "mockServiceWorker.js"
    copy_with_address([*ours, worker], folder, server.url)
    page = folder / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("/page.mjs", "/mocked.mjs"), encoding="utf-8")
    with developing(folder) as page_url:
        said = play(tmp_path, "msw.spec.mjs", url=server.url, page_url=page_url)
    assert "1 passed" in said
