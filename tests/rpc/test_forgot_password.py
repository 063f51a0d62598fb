"""A forgotten password in a page of one's own: its back end calls with ``@zitadel/client``, the page with forms."""

import html
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.rpc.clients import NODE
from tests.serving import PATIENCE_SECONDS, Served, serving
from watchword.systems.zitadel.settings import Profile

LOGIN = "watchword-login-personal-access-token"
NEW = "Quiet-River-42!"
SAME_FOR_ALL = "If we know you, you have a mail."

pytestmark = pytest.mark.skipif(
    not (NODE / "node_modules").exists(), reason="make clients installs the clients from npm"
)


class Person:
    """Somebody with a browser and an inbox, who writes down neither ids nor tokens."""

    def __init__(self, browser: httpx.Client, zitadel: str) -> None:
        self._browser = browser
        self._zitadel = zitadel
        self.seen: list[str] = []

    def open(self, link: str) -> str:
        """Open a page."""
        return self._see(self._browser.get(link))

    def send(self, page: str, link: str, **typed: str) -> str:
        """Fill in the form of a page that was opened by a link, and send it."""
        hidden = re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', page)
        fields = {name: html.unescape(value) for name, value in hidden}
        return self._see(self._browser.post(link, data={**fields, **typed}))

    def ask_for_mail(self, login_name: str) -> str:
        """Type a login name into the page for forgotten passwords."""
        return self.send(self.open("/forgot-password"), "/forgot-password", loginName=login_name)

    def link_in_mail(self, to: str) -> str:
        """Read the newest mail."""
        inbox = httpx.get(f"{self._zitadel}/__admin/inbox", params={"to": to}).json()
        return str(inbox["messages"][0]["links"][0])

    def _see(self, answer: httpx.Response) -> str:
        self.seen.append(f"{answer.headers} {answer.text}")
        return answer.text


@contextmanager
def back_end(zitadel: str) -> Iterator[str]:
    """Run the back end, which holds the token of the machine; yield its address."""
    with subprocess.Popen(
        ["node", "forgot_password.mjs"],  # noqa: S607  # the one that is installed
        cwd=NODE,
        env={**os.environ, "ZITADEL_URL": zitadel, "ZITADEL_TOKEN": LOGIN},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in its own process."""
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module", params=list(Profile))
def person(request: pytest.FixtureRequest, served: Served) -> Iterator[Person]:
    """Somebody in front of the page, with each release behind it."""
    zitadel = f"{served.url}/~forgot-{request.param}"
    settings = {"zitadel": {"zitadel_profile": request.param}}
    httpx.patch(f"{zitadel}/__admin/settings", json=settings).raise_for_status()
    with (
        back_end(zitadel) as address,
        httpx.Client(base_url=address, follow_redirects=True, timeout=PATIENCE_SECONDS) as browser,
    ):
        yield Person(browser, zitadel)


def test_a_login_name_is_enough_to_be_signed_in_with_a_new_password(person: Person) -> None:
    assert SAME_FOR_ALL in person.ask_for_mail("Mini@Mouse.example")
    link = person.link_in_mail("mini@mouse.example")
    page = person.open(link)
    assert "Password" in person.send(page, link, password="short")  # refused
    assert "Signed in as mini@mouse.example." in person.send(page, link, password=NEW)
    assert "Code" in person.send(page, link, password=NEW)  # is spent
    assert len(person.seen) == 6
    assert not any(LOGIN in one for one in person.seen)


@pytest.mark.parametrize("login_name", ["nobody@mouse.example", "robot-service", "ines@mouse.example"])
def test_a_page_does_not_tell_who_may_have_a_mail(person: Person, login_name: str) -> None:
    assert SAME_FOR_ALL in person.ask_for_mail(login_name)


def test_a_link_without_a_code_sets_no_password(person: Person) -> None:
    person.ask_for_mail("vera@mouse.example")
    link = re.sub("code=.*", "code=", person.link_in_mail("vera@mouse.example"))
    assert "has no code" in person.send(person.open(link), link, password=NEW)
