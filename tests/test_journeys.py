"""
A forgotten password, from the first request to the last, in each system.

Everything goes over HTTP, as from another programming language: the tests find people, mails and the clock through the
control API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Api, Response

NEW, NEWER = "Violet-harbour-77?", "Copper-lantern-19!"
Json = Any


@dataclass(frozen=True)
class Surface:
    """The server as a test in any programming language sees it."""

    api: Api

    def person(self, system: str, name: str) -> Json:
        """Find a seed person."""
        found = self.api.request("GET", f"/__admin/people?system={system}").body["people"]
        return next(one for one in found if one["name"] == name)

    def post(self, person: Json, path: str, body: Json) -> Response:
        """Send a request with the headers of *person*."""
        return self.api.request("POST", path, json=body, headers=person["headers"])

    def newest_mail(self, to: str) -> Json:
        """Read the newest mail to an address."""
        return self.api.request("GET", f"/__admin/inbox?to={to}").body["messages"][0]

    def wait(self, duration: str) -> None:
        """Move the clock."""
        moved = self.api.request("PUT", "/__admin/clock", json={"action": "advance", "by": duration})
        assert moved.status == 200


@pytest.fixture
def surface(api: Api) -> Surface:
    """The server, over HTTP."""
    return Surface(api)


def _sent_with(link: str) -> Mapping[str, str]:
    """Read the parameters of a *link*, which a front end's page sends on."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


@pytest.mark.parametrize(
    ("system", "name", "prefix"),
    [
        pytest.param("weavr_multi", "ada", "/multi", id="weavr_multi"),
        pytest.param("weavr_payment_run", "bruno", "/payment-run/v1", id="weavr_payment_run"),
    ],
)
def test_a_weavr_user_forgets_the_password(surface: Surface, system: str, name: str, prefix: str) -> None:
    person = surface.person(system, name)
    email = person["login"]
    lost = f"{prefix}/passwords/lost_password"

    def resume(sent: Mapping[str, str], password: str) -> Response:
        return surface.post(person, f"{lost}/resume", {**sent, "newPassword": {"value": password}})

    def log_in(password: str) -> int:
        body = {"email": email, "password": {"value": password}}
        return surface.post(person, f"{prefix}/login_with_password", body).status

    assert surface.post(person, f"{lost}/start", {"email": email}).status == 204
    mail = surface.newest_mail(email)
    (link,) = mail["links"]
    assert _sent_with(link) == {"nonce": mail["codes"][0], "email": email}

    assert resume(_sent_with(link), NEW).status == 200
    assert (log_in(NEW), log_in(person["password"])) == (200, 403)
    assert surface.newest_mail(email)["subject"] == "Your Password Has Been Changed"

    again = resume(_sent_with(link), NEWER)
    assert (again.status, again.body) == (409, {"errorCode": "INVALID_NONCE_OR_EMAIL"})

    assert surface.post(person, f"{lost}/start", {"email": email}).status == 204
    surface.wait("PT61M")
    late = resume(_sent_with(link), NEWER)
    assert (late.status, late.body) == (409, {"errorCode": "INVALID_NONCE_OR_EMAIL"})
    assert (log_in(NEW), log_in(NEWER)) == (200, 403)


@pytest.mark.parametrize(
    ("system", "head", "name", "prefix"),
    [
        pytest.param("weavr_multi", "clara", "sven", "/multi", id="weavr_multi"),
        pytest.param("weavr_payment_run", "cyrus", "silas", "/payment-run/v1", id="weavr_payment_run"),
    ],
)
def test_a_weavr_user_is_invited(surface: Surface, system: str, head: str, name: str, prefix: str) -> None:
    inviting, person = surface.person(system, head), surface.person(system, name)
    invitation = f"{prefix}/users/{person['id']}/invite"

    def log_in() -> int:
        body = {"email": person["login"], "password": {"value": NEW}}
        return surface.post(person, f"{prefix}/login_with_password", body).status

    assert surface.post(inviting, invitation, None).status == 204
    mail = surface.newest_mail(person["login"])
    (code,), (link,) = mail["codes"], mail["links"]
    assert _sent_with(link) == {"userId": person["id"], "inviteCode": code, "email": person["login"]}

    assert surface.post(person, f"{invitation}/validate", {"inviteCode": code}).status == 204
    assert log_in() == 403
    consumed = surface.post(person, f"{invitation}/consume", {"inviteCode": code, "password": {"value": NEW}})
    assert (consumed.status, log_in()) == (200, 200)

    again = surface.post(inviting, invitation, None)
    assert (again.status, again.body) == (409, {"errorCode": "INVITE_ALREADY_CONSUMED"})


@pytest.mark.parametrize("version", ["v2", "v2beta"])
def test_a_zitadel_user_forgets_the_password(surface: Surface, version: str) -> None:
    mini = surface.person("zitadel", "mini")
    user = f"/{version}/users/{mini['id']}"

    def reset() -> tuple[str, Mapping[str, str]]:
        assert surface.post(mini, f"{user}/password_reset", {"sendLink": {}}).status == 200
        mail = surface.newest_mail(mini["login"])
        (code,), (link,) = mail["codes"], mail["links"]
        return code, _sent_with(link)

    def redeem(code: str, password: str) -> Response:
        return surface.post(mini, f"{user}/password", {"newPassword": {"password": password}, "verificationCode": code})

    def sign_in(password: str) -> int:
        checks = {"user": {"loginName": mini["login"]}, "password": {"password": password}}
        return surface.post(mini, "/v2/sessions", {"checks": checks}).status

    code, sent = reset()
    assert code in sent.values()
    assert mini["id"] in sent.values()

    assert redeem(code, NEW).status == 200
    assert (sign_in(NEW), sign_in(mini["password"])) == (201, 400)

    assert _id(redeem(code, NEWER)) == (400, "COMMAND-2M9fs")

    code, _ = reset()
    surface.wait("PT61M")
    assert _id(redeem(code, NEWER)) == (400, "CODE-QvUQ4P")
    assert (sign_in(NEW), sign_in(NEWER)) == (201, 400)


def _id(refused: Response) -> tuple[int, str]:
    return refused.status, refused.body["details"][0]["id"]


def test_an_entrust_administrator_helps_a_user_who_forgot_the_password(surface: Surface) -> None:
    """
    Entrust sends no codes: an administrator has a password generated and mailed.

    The stand-in has no sign-in for it, but only the user's own passwords are in the history.
    The administrator's token expires instead of a code.
    """
    ada, console = surface.person("entrust", "ada"), surface.person("entrust", "console")
    user = f"/api/web/v1/users/{ada['id']}"
    credentials = {"applicationId": console["id"], "sharedSecret": console["password"]}

    def authenticate() -> dict[str, str]:
        answer = surface.api.request("POST", "/api/web/v1/adminapi/authenticate", json=credentials)
        assert answer.status == 200
        return {"Authorization": f"Bearer {answer.body['authToken']}"}

    def set_password(body: Json) -> Response:
        return surface.api.request("PUT", f"{user}/passwords", json=body, headers=token)

    def is_new(password: str) -> bool:
        answer = surface.api.request("POST", f"{user}/password/validate", json={"password": password}, headers=token)
        assert answer.status == 200
        return bool(answer.body["passwordHistory"])

    token = authenticate()
    generated = set_password({"generatePassword": True, "forceUpdate": True})
    assert (generated.status, generated.body["forceUpdate"]) == (200, True)
    assert "newPassword" not in generated.body

    mails = surface.api.request("GET", "/__admin/inbox").body["messages"]
    ((mailed,),) = [mail["codes"] for mail in mails]
    assert (is_new(mailed), is_new(NEW)) == (False, True)

    again = set_password({"password": mailed})
    assert (again.status, again.body["errorCode"]) == (400, "invalid_password")

    surface.wait("PT16M")
    late = set_password({"password": NEW})
    assert (late.status, late.body["errorCode"]) == (401, "auth_token_expired")
    token = authenticate()
    assert set_password({"password": NEW}).status == 200
    assert is_new(NEW) is False
