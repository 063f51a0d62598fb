"""Who may open the window, and which forms are its own."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from watchword.console.visit import Visit
from watchword.domain.chance import Chance
from watchword.domain.refusal import Refusal

TOKEN_FIELD, CSRF_FIELD = "token", "csrf"
_HEADER = "watchword-admin-token"
Admit = Callable[[str | None, Mapping[str, str], Any], None]
"""Lets a client pass by its address and headers, or raises a refusal: the admission of the control API."""


class ForeignPage(Refusal):
    """403. The request comes from a page of another origin, or its form is not one of this server's."""

    status, code = 403, "foreign-page"
    default_message = "This form was not made by this server, or before its last start. Open the page again."


def _draw(purpose: str) -> str:
    # Never from the random seed: whoever knows that must not know these.
    return Chance(None, "console", purpose).hexadecimal(64)


@dataclass(frozen=True)
class Doorkeeper:
    """
    Checks who opens a page.

    Args:
        admit: The admission of the control API.
        session: What the cookie of somebody who has signed in holds; another at every start.
        csrf: What every form of this server's holds; another at every start.
    """

    admit: Admit
    session: str = field(default_factory=lambda: _draw("session"), repr=False)
    csrf: str = field(default_factory=lambda: _draw("csrf"), repr=False)

    def check(self, visit: Visit) -> None:
        """
        Let somebody pass.

        Raises:
            Refusal: Status 401 where signing in would help, 403 where nothing does.
        """
        self.check_origin(visit)
        if not self.has_session(visit):
            self.admit(visit.exchange.client, visit.exchange.headers, None)
        if visit.changes and not _same(visit.form.get(CSRF_FIELD, ""), self.csrf):
            raise ForeignPage

    def check_origin(self, visit: Visit) -> None:
        """
        Refuse pages of other origins: even reading is not for them, because forms hold what proves a form.

        Raises:
            ForeignPage: Another page has sent it.
        """
        headers = visit.exchange.headers
        origin = headers.get("origin")
        own = {_address(visit.exchange.root_url), _address(f"//{headers.get('host', '')}")}
        if origin is not None and _address(origin) not in own:
            raise ForeignPage("A page of another origin cannot use the window (header Origin).")
        if visit.changes and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise ForeignPage("A page of another origin cannot use the window (header Sec-Fetch-Site).")

    def sign_in(self, visit: Visit) -> str:
        """
        Check the token of the form, and give the cookie.

        Raises:
            Refusal: It is wrong.
        """
        self.check_origin(visit)
        self.admit(visit.exchange.client, {_HEADER: visit.form.get(TOKEN_FIELD, "")}, None)
        return self.cookie(visit, visit.base)

    def cookie(self, visit: Visit, path: str, *, value: str | None = None) -> str:
        """Write the cookie for the pages below *path*."""
        secure = "; Secure" if visit.exchange.root_url.startswith("https:") else ""
        shown = self.session if value is None else value
        ends = "; Max-Age=0" if value == "" else ""
        return f"{self._name}={shown}; Path={path}; HttpOnly; SameSite=Strict{secure}{ends}"

    def has_session(self, visit: Visit) -> bool:
        """Whether the browser has signed in."""
        try:
            sent = SimpleCookie(visit.exchange.headers.get("cookie", ""))
        except CookieError:
            return False
        return self._name in sent and _same(sent[self._name].value, self.session)

    @property
    def _name(self) -> str:
        # Servers on other ports of the same host share cookies, so each start has a name of its own.
        return f"watchword-{self.csrf[:8]}"


def _same(sent: str, right: str) -> bool:
    return hmac.compare_digest(sent.encode(), right.encode())


def _address(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
