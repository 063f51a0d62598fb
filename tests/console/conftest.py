"""A browser without scripts, in process."""

import html
import re
from urllib.parse import urlencode

import pytest

from tests.client import Response
from tests.conftest import Api
from watchword.sandbox import DEFAULT

ROOT = "/__admin/ui"
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Origin": "http://localhost:7070",
    "Host": "localhost:7070",
}


class Window:
    """The pages of a test's sandbox."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def get(self, page: str, **headers: str) -> Response:
        """Open a page."""
        return self.api.request("GET", f"{ROOT}/{page}", headers={"Host": "localhost:7070", **headers})

    def text(self, page: str) -> str:
        """Read what a page says, without its tags."""
        answer = self.get(page)
        assert answer.status == 200, answer.content.decode()
        return visible(answer)

    def post(self, page: str, fields: dict[str, str], **headers: str) -> Response:
        """Send a form as it is, with the headers of a browser."""
        content = urlencode(fields).encode()
        return self.api.request("POST", f"{ROOT}/{page}", content=content, headers={**FORM, **headers})

    def submit(self, page: str, **fields: str) -> Response:
        """Send a form with what proves that it is the server's."""
        return self.post(page, {"csrf": self.csrf, **fields})

    def upload(self, page: str, file: bytes, **fields: str) -> Response:
        """Send a form with a file, as a browser does."""
        parts = [f'form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        named = 'form-data; name="file"; filename="box.json"\r\nContent-Type: application/json\r\n\r\n'
        parts.append(named.encode() + file)
        content = b"".join(b"--edge\r\nContent-Disposition: " + one + b"\r\n" for one in parts) + b"--edge--\r\n"
        headers = {**FORM, "Content-Type": "multipart/form-data; boundary=edge"}
        return self.api.request("POST", f"{ROOT}/{page}", content=content, headers=headers)

    @property
    def csrf(self) -> str:
        """What every form of the server holds."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("clock").content.decode())
        assert found
        return found[1]


def visible(answer: Response) -> str:
    """Read an answer as a person sees it: without tags, blanks in a row as one."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


@pytest.fixture
def window(api: Api) -> Window:
    """The window on the test's sandbox, which looking does not make."""
    api.built.imitated.sandboxes.enter(api.sandbox or DEFAULT)
    return Window(api)
