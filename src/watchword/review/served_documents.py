"""Documents of running servers; what may be a secret of an address is never shown."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, InvalidURL
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from watchword.client.errors import reason_of
from watchword.contract.address import UnusableAddress, read_address

_PATIENCE_SECONDS = 30
_LARGEST = 64 * 1024 * 1024
_SERVED = "/openapi.yaml"
"""Where Watchword serves its document."""
_FORMS = (_SERVED, "/openapi.json")
_direct = build_opener(ProxyHandler({}))
"""A proxy of the environment would be asked for addresses of this machine."""


class UnusableServer(Exception):
    """A server has no document; the message says why."""


class NoDocument(UnusableServer):
    """A server answers, but not with a document."""


@contextmanager
def fetch_document(url: str) -> Iterator[tuple[Path, str]]:
    """
    Get the document of a server.

    Args:
        url: Of the document, or of a server without a path.

    Yields:
        The file that it was written to, which does not last; and the address that it comes from, as it is shown.

    Raises:
        NoDocument: The server has no document there.
        UnusableServer: It is no address, or the server is out of reach.
    """
    try:
        parts = read_address(url, instead="fetch the document yourself, and name the file")
    except UnusableAddress as error:
        raise UnusableServer(f"the address of the server {error}") from None
    address = (parts if parts.path.strip("/") else parts._replace(path=_SERVED)).geturl()
    content = _fetched(address)
    if _is_page(content):
        whole = f"write the whole address of the document{_likely(address)}"
        raise NoDocument(f"{show_address(address)} is a web page; {whole}")
    with tempfile.TemporaryDirectory(prefix="watchword-") as folder:
        file = Path(folder).resolve() / ("openapi.json" if content.lstrip().startswith(b"{") else "openapi.yaml")
        file.write_bytes(content)
        yield file, show_address(address)


def show_address(url: str) -> str:
    """Show an address without its query, in which there may be a token."""
    parts = urlsplit(url)
    return parts._replace(query="…" if parts.query else "", fragment="").geturl()


def server_of(address: str) -> str:
    """Give the address of the server whose document is at *address*, if that is where Watchword serves one."""
    parts = urlsplit(address)
    path = next((parts.path.removesuffix(one) for one in _FORMS if parts.path.endswith(one)), parts.path)
    return parts._replace(path=path.rstrip("/"), query="", fragment="").geturl()


def _is_page(content: bytes) -> bool:
    return content.lstrip().startswith(b"<")


def _likely(address: str) -> str:
    """Name the document that a server has below an address, or else below its root; empty if it has none there."""
    parts = urlsplit(address)
    for path in dict.fromkeys((parts.path.rstrip("/"), "")):
        likely = parts._replace(path=f"{path}{_SERVED}", fragment="").geturl()
        with suppress(UnusableServer):
            if not _is_page(_fetched(likely)):
                return f", such as {show_address(likely)}"
    return ""


def _fetched(address: str) -> bytes:
    shown = show_address(address)
    try:
        request = Request(address)  # noqa: S310  # the user's own address
        with _direct.open(request, timeout=_PATIENCE_SECONDS) as answer:
            content: bytes = answer.read(_LARGEST + 1)
    except HTTPError as error:
        error.close()  # it is the answer, too
        raise NoDocument(f"{shown} answered {error.code}; write the whole address of the document") from None
    except InvalidURL:
        raise UnusableServer(f"{shown} has a space or a control character in it: write it percent-encoded") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise UnusableServer(f"{shown} cannot be reached ({reason_of(error)})") from None
    if len(content) > _LARGEST:
        raise UnusableServer(f"{shown} has more than {_LARGEST // 1024 // 1024} MiB")
    return content
