"""Small consumers of the imitated systems, as their tests call them: each in a sandbox of its own."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

NAMED_BY = "Watchword-Consumer"
KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}
_ADA, _CLARA = "ada@multi.example", "clara@multi.example"
_DARIO = "111046735421947907"
_CLARAS_TOKEN = {"Authorization": "Bearer pRPScJbQ78hP7TWAXdfMfAQFYCBSOkguos2YU9JsnCz"}
_MINI = "269629023906488501"
_ROBOT = {"Authorization": "Bearer watchword-robot-personal-access-token"}
_SIGN_IN = {"Authorization": "Bearer watchword-login-personal-access-token"}
_CONSOLE = {"Authorization": "watchword-entrust-console-token"}
_IDAAS = "/api/web/v1/users/5a0d2f4e-6c1b-4f7a-9c3d-2b8e71d4a601"


@dataclass(frozen=True)
class Caller:
    """
    Calls a server for a consumer.

    Args:
        name: Of the consumer, and of its sandbox.
    """

    url: str
    name: str

    def __call__(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = {}) -> Any:
        """Send a request; gives the status and the body."""
        sent = {NAMED_BY: self.name, "Watchword-Sandbox": f"{self.name}-1", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {**sent, **headers}, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except HTTPError as refused:
            refused.read()
            return None


def reset_page(call: Caller) -> None:
    """A page for forgotten passwords: 14 characters, and the code of the mail."""
    call("POST", "/multi/passwords/lost_password/start", {"email": _ADA}, KEY)
    found = {"email": _ADA, "nonce": "123456", "newPassword": {"value": "Quiet-river-42"}}
    call("POST", "/multi/passwords/lost_password/resume", found, KEY)
    call("POST", "/multi/passwords/lost_password/resume", found, KEY)


def login_page(call: Caller) -> None:
    """A page to sign in, which knows a wrong password and an expired one."""
    for login, password in ((_ADA, "Harbour-7-lamp"), (_ADA, "wrong"), ("elsa@multi.example", "Pasture-52-gate")):
        call("POST", "/multi/login_with_password", {"email": login, "password": {"value": password}}, KEY)


def account_page(call: Caller) -> None:
    """A page that changes a password, to one of 9 characters, after a look at what is typed."""
    body = {"email": _CLARA, "password": {"value": "Orchard-12-pears"}}
    token = call("POST", "/multi/login_with_password", body, KEY)["token"]
    call("POST", "/multi/passwords/validate", {"password": {"value": "Short-1"}}, KEY)
    call("POST", "/multi/passwords/validate", {"password": {"value": "Pears-12a"}}, KEY)
    changed = {"oldPassword": {"value": "Orchard-12-pears"}, "newPassword": {"value": "Pears-12a"}}
    call("POST", "/multi/passwords/update", changed, {**KEY, "Authorization": f"Bearer {token}"})


def back_office(call: Caller) -> None:
    """Lists the users of a corporate, two at a time, and reads one."""
    call("GET", "/multi/users?limit=2&offset=0", headers={**KEY, **_CLARAS_TOKEN})
    call("GET", f"/multi/users/{_DARIO}", headers={**KEY, **_CLARAS_TOKEN})


def provisioning(call: Caller) -> None:
    """A machine that sets passwords in ZITADEL, one of 10 characters, and asks for a code to be mailed."""
    call("GET", f"/v2/users/{_MINI}", headers=_ROBOT)
    call("POST", f"/v2/users/{_MINI}/password", {"newPassword": {"password": "Str0ng-One"}}, _ROBOT)
    call("POST", f"/v2/users/{_MINI}/password_reset", {"sendLink": {}}, _ROBOT)


def sign_in(call: Caller) -> None:
    """A sign-in page in front of ZITADEL: a wrong password twice, the right one, a look at the session, its end."""
    named = {"user": {"loginName": "mini@mouse.example"}}
    for password in ("wrong", "wrong", "V3ryS3cure!"):
        checks = {**named, "password": {"password": password}}
        made = call("POST", "/v2/sessions", {"checks": checks}, _SIGN_IN)
    call("GET", f"/v2/sessions/{made['sessionId']}", headers=_SIGN_IN)
    ended = {"sessionToken": made["sessionToken"]}
    call("DELETE", f"/v2/sessions/{made['sessionId']}", ended, _SIGN_IN)


def help_desk(call: Caller) -> None:
    """A help desk in front of Entrust: reads the settings, sets a password, reads its state."""
    call("GET", f"{_IDAAS}/settings/password", headers=_CONSOLE)
    call("PUT", f"{_IDAAS}/passwords", {"password": "Wander*Kettle*5519"}, _CONSOLE)
    call("GET", f"{_IDAAS}/passwords", headers=_CONSOLE)


def with_controls(call: Caller) -> None:
    """A test that makes its own settings, its own person, and a clean sandbox in between."""
    validated = {"password": {"value": "Quiet-river-42"}}
    call("PATCH", "/__admin/settings", {"weavr_multi": {"programme": {"root_profile": {"minimum": 20}}}})
    call("POST", "/multi/passwords/validate", validated, KEY)
    call("POST", "/__admin/reset")
    call("POST", "/multi/passwords/validate", validated, KEY)
    zoe = {"login": "zoe@multi.example", "password": "Zebra-14-stripes"}
    call("POST", "/__admin/people", {"system": "weavr_multi", "like": "ada", "name": "zoe", **zoe})
    body = {"email": zoe["login"], "password": {"value": zoe["password"]}}
    call("POST", "/multi/login_with_password", body, KEY)


def typing(*passwords: str) -> Callable[[Caller], None]:
    """Make somebody who signs in with one password after the other."""

    def sign_in_with_each(call: Caller) -> None:
        for password in passwords:
            call("POST", "/multi/login_with_password", {"email": _ADA, "password": {"value": password}}, KEY)

    return sign_in_with_each


def retrying(call: Caller) -> None:
    """A page for forgotten passwords: the first password is too long, and the second one is set with the same code."""
    call("POST", "/multi/passwords/lost_password/start", {"email": _ADA}, KEY)
    for password in ("Quiet-river-42-and-the-long-way", "Quiet-river-42"):
        found = {"email": _ADA, "nonce": "123456", "newPassword": {"value": password}}
        call("POST", "/multi/passwords/lost_password/resume", found, KEY)


CONSUMERS: Mapping[str, Callable[[Caller], None]] = {
    one.__name__.replace("_", "-"): one
    for one in (reset_page, login_page, account_page, back_office, provisioning, sign_in, help_desk)
}
"""By name."""


def call_all(url: str, consumers: Mapping[str, Callable[[Caller], None]] = CONSUMERS) -> None:
    """Let every consumer do what it does."""
    for name, consume in consumers.items():
        consume(Caller(url, name))
