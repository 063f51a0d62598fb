"""Who may open the window."""

import re

import pytest

from tests.conftest import START, Api
from tests.console.conftest import FORM, ROOT, Window, visible
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret

TOKEN = "a-token-of-the-tests"
LOCAL = {"Host": "localhost:7070"}


@pytest.fixture
def guarded(api: Api) -> Window:
    """The window of a server that has an admin token and a public address."""
    options = Options(
        hashing=Profile.FAST,
        wall_clock=lambda: START,
        admin_token=Secret(TOKEN),
        public_url="https://shop.example/mock",
        journal=10,
    )
    return Window(Api(build(options), api.runner, None))


def test_a_form_of_somebody_else_is_refused(window: Window) -> None:
    for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "ü"}):
        answer = window.post("clock", {"do": "freeze", **fields})
        assert answer.status == 403
        assert "not made by this server" in visible(answer)
    assert "Running" in window.text("clock")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", "http://["])
def test_pages_of_other_origins_may_neither_read_nor_change(window: Window, origin: str) -> None:
    """An application on another port of this machine is another origin too: it could read what proves a form."""
    read = window.get("clock", Origin=origin)
    assert read.status == 403
    assert 'name="csrf"' not in read.content.decode()
    assert window.post("clock", {"csrf": window.csrf, "do": "freeze"}, Origin=origin).status == 403


def test_a_form_that_a_browser_calls_cross_site_is_refused(window: Window) -> None:
    sent = {"csrf": window.csrf, "do": "freeze"}
    assert window.post("clock", sent, **{"Sec-Fetch-Site": "cross-site"}).status == 403


def test_a_foreign_host_is_refused_as_by_the_control_api(window: Window) -> None:
    assert window.get("requests", Host="evil.example").status == 403


def test_with_a_token_one_signs_in_once(guarded: Window) -> None:
    asked = guarded.get("requests")
    assert asked.status == 401
    assert "Admin token" in visible(asked)
    assert guarded.post("sign-in", {"token": "wrong"}).status == 401
    assert guarded.post("sign-in", {"token": TOKEN}, Origin="https://evil.example").status == 403
    signed = guarded.post("sign-in", {"token": TOKEN})
    assert (signed.status, signed.headers["location"]) == (303, f"/mock{ROOT}/")
    cookie, *rest = signed.headers["set-cookie"].split("; ")
    assert rest == [f"Path=/mock{ROOT}", "HttpOnly", "SameSite=Strict", "Secure"]
    assert TOKEN not in cookie
    page = guarded.get("clock", Cookie=cookie)
    assert page.status == 200
    assert f'href="/mock{ROOT}/requests"' in page.content.decode()
    assert guarded.post("clock", {"do": "freeze"}, Cookie=cookie).status == 403
    assert guarded.get("clock", Cookie=f"{cookie}x").status == 401
    assert guarded.get("clock", Authorization=f"Bearer {TOKEN}").status == 200


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("settings/zitadel", "settings/zitadel"),
        ("requests?q=409+ada", "requests?q=409+ada"),
        ("..%2F%2Fx", ""),
        ("sign-out", ""),
    ],
)
def test_signing_in_leads_to_the_page_that_was_asked_for(guarded: Window, page: str, leads_to: str) -> None:
    asked = guarded.get(page).content.decode()
    assert f'name="wanted" value="{leads_to}"' in asked
    signed = guarded.post("sign-in", {"token": TOKEN, "wanted": leads_to})
    assert signed.headers["location"] == f"/mock{ROOT}/{leads_to}"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "\\evil", "a\r\nX: y", "../x", "/"])
def test_signing_in_leads_to_no_other_site(guarded: Window, wanted: str) -> None:
    signed = guarded.post("sign-in", {"token": TOKEN, "wanted": wanted})
    assert signed.headers["location"] == f"/mock{ROOT}/"


def test_whoever_has_signed_in_can_sign_out(guarded: Window) -> None:
    cookie = guarded.post("sign-in", {"token": TOKEN}).headers["set-cookie"].split("; ")[0]
    page = guarded.get("clock", Cookie=cookie).content.decode()
    assert "Sign out" in page
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    left = guarded.post("sign-out", {"csrf": found[1]}, Cookie=cookie)
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert "Sign out" not in guarded.get("clock", Authorization=f"Bearer {TOKEN}").content.decode()


def test_another_sandbox_needs_no_second_signing_in(guarded: Window) -> None:
    cookie = guarded.post("sign-in", {"token": TOKEN}).headers["set-cookie"].split("; ")[0]
    gone = guarded.get("go?sandbox=other", Cookie=cookie)
    assert gone.headers["location"] == f"/mock/~other{ROOT}/"
    assert gone.headers["set-cookie"].startswith(f"{cookie}; Path=/mock/~other{ROOT};")
    assert guarded.get("go?sandbox=other").status == 401


def test_without_a_control_api_there_is_no_window(api: Api) -> None:
    options = Options(hashing=Profile.FAST, wall_clock=lambda: START, admin=False, journal=10)
    without = Api(build(options), api.runner, None)
    for path in (ROOT, f"{ROOT}/", f"{ROOT}/requests"):
        answer = without.request("GET", path, headers=LOCAL)
        assert answer.status == 404
        assert "--disable-admin-api" in answer.body["detail"]
    assert "__admin/ui" not in without.request("GET", "/").content.decode()


def test_without_a_journal_the_page_says_so(api: Api) -> None:
    without = Window(Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START)), api.runner, None))
    assert "--journal 0" in without.text("requests")
    assert without.get("rules").status == 200


def test_a_body_that_is_no_form_changes_nothing(window: Window) -> None:
    answer = window.api.request("POST", f"{ROOT}/clock", content=b"\xff\x00=&=&;" * 50, headers=FORM)
    assert answer.status == 403
