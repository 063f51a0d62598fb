"""The reference as a browser shows it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import PATIENCE_SECONDS, Served, serving

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="make browser installs Chromium")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for a browser."""
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


def shown(folder: Path, url: str) -> str:
    """Write out the elements of a page once its scripts have run."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--virtual-time-budget=20000"]
    command = [str(BROWSER), *flags, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE_SECONDS, text=True).stdout  # noqa: S603


@pytest.mark.parametrize(
    ("operation", "example"),
    [
        ("weavr_multi/weavr_multi.login_with_password", "Harbour-7-lamp"),
        ("zitadel/zitadel.create_session", "mini@mouse.example"),
    ],
)
def test_try_it_out_begins_with_the_first_named_example(
    server: Served, tmp_path: Path, operation: str, example: str
) -> None:
    page = shown(tmp_path, f"{server.url}/docs/#/{operation}")
    (body,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert example in body
    assert "[Modified value]" not in page


@pytest.mark.parametrize("blank", ["%20", "+"])
def test_the_reference_opens_the_document_that_a_link_names(server: Served, tmp_path: Path, blank: str) -> None:
    page = shown(tmp_path, f"{server.url}/docs/?urls.primaryName=Control{blank}API")
    assert "Watchword: control API" in page or "admin.clock" in page


@pytest.mark.parametrize(
    ("document", "link"),
    [
        ("ZITADEL", '<a id="rules" href="rules?system=zitadel">'),
        ("Control%20API", '<a id="rules" href="rules" hidden="">'),
    ],
)
def test_the_reference_leads_to_the_rules_of_what_it_shows(
    server: Served, tmp_path: Path, document: str, link: str
) -> None:
    assert link in shown(tmp_path, f"{server.url}/docs/?urls.primaryName={document}")


def test_what_can_be_used_has_a_name_and_no_button_has_a_link_in_it(server: Served, tmp_path: Path) -> None:
    page = shown(tmp_path, f"{server.url}/docs/#/weavr_multi/weavr_multi.login_with_password")
    selects = re.findall(r"<select[^>]*>", page)
    assert len(selects) > 2
    assert all("aria-label=" in one or 'id="document"' in one for one in selects)
    summaries = re.findall(r"<button[^>]*opblock-summary-control[^>]*>.*?</button>", page, re.S)
    assert len(summaries) > 20
    assert all("<a " not in one for one in summaries)
