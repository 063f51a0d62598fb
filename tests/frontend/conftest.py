"""One Watchword for all tests of front ends, and a page that calls it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.frontend.playing import HERE, copy_with_address
from tests.proposals import proposal_flags
from tests.serving import Served, serving


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, *proposal_flags(folder)) as served:
        yield served


class _FrontEnd(SimpleHTTPRequestHandler):
    """Serves the page at every path that is not a file, as servers of single-page applications do."""

    def translate_path(self, path: str) -> str:
        """Find the file of *path*."""
        found = super().translate_path(path)
        return found if Path(found).is_file() else super().translate_path("/index.html")

    def log_message(self, *_arguments: object) -> None:
        """Write no log."""


@pytest.fixture(scope="package")
def page_url(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A front end on a server of its own, as a developer's is."""
    folder = tmp_path_factory.mktemp("page")
    copy_with_address((HERE / "page").iterdir(), folder, server.url)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_FrontEnd, directory=str(folder))) as pages:
        thread = threading.Thread(target=pages.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{pages.server_address[1]}"
        pages.shutdown()
        thread.join()
