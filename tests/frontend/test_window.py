"""The window in a real browser."""

from pathlib import Path

from tests.frontend.playing import needs_browser, needs_packages, play
from tests.serving import Served


@needs_packages
@needs_browser
def test_the_window_is_used_as_a_person_would(server: Served, page_url: str, tmp_path: Path) -> None:
    assert "35 passed" in play(tmp_path, "window.spec.mjs", url=server.url, page_url=page_url)
