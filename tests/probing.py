"""What the systems answer a person who tries everything: two people in the same situation are answered alike."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tests.client import Api, Response
from watchword.resources import folder

NEW = "Quiet-River-42!"
_WRONG = "Wrong-River-43!"
_NOBODY = "00000000-0000-4000-8000-000000000000"
Person = Mapping[str, Any]
"""A person in the JSON of the control API."""
Answered = tuple[str, int, str]
"""What was tried, the status, and the vendor's code."""


def seed_people() -> list[tuple[str, str, tuple[str, ...]]]:
    """List the seed people: system, name, situations."""
    files = [(one.parent.name, one) for one in sorted(folder("fixtures").glob("*/people.json"))]
    files += [(one.parent.name, one) for one in folder("fixtures").glob("entrust/applications.json")]
    return [
        (system, person["name"], tuple(person["situations"]))
        for system, file in files
        for person in orjson.loads(file.read_bytes())
    ]


def probe(api: Api, person: Person, by: Mapping[str, str]) -> list[Answered]:
    """
    Try everything as *person*.

    Args:
        by: The headers of an administrator.
    """
    found: list[Answered] = []

    def attempt(name: str, answer: Response) -> None:
        found.append((name, answer.status, _code(answer.body)))

    _PROBES[person["system"]](api, person, by, attempt)
    return found


def _code(body: Any) -> str:
    if not isinstance(body, Mapping):
        return ""
    error = body.get("error")
    return str(body.get("errorCode") or body.get("code") or (error if isinstance(error, str) else ""))


Attempt = Callable[[str, Response], None]


def _probe_weavr(api: Api, person: Person, _by: Mapping[str, str], attempt: Attempt) -> None:
    system, key = person["system"], {"api-key": person["headers"]["api-key"]}

    def call(operation: str, body: Any, headers: Mapping[str, str], path: Mapping[str, str] | None = None) -> None:
        attempt(operation, api.call(f"{system}.{operation}", body=body, headers=headers, path=path))

    password, user = person["password"] or NEW, {"user_id": person["id"]}
    call("login_with_password", {"email": person["login"], "password": {"value": _WRONG}}, key)
    call("login_with_password", {"email": person["login"], "password": {"value": password}}, key)
    call("start_lost_password", {"email": person["login"]}, key)
    call("update_password", {"oldPassword": {"value": password}, "newPassword": {"value": password}}, person["headers"])
    call("validate_invite", {"inviteCode": "123456"}, key, user)
    call("create_password", {"password": {"value": NEW}}, key, user)


def _probe_zitadel(api: Api, person: Person, by: Mapping[str, str], attempt: Attempt) -> None:
    path, own = {"userId": person["id"]}, person["headers"]

    def call(name: str, operation: str, body: Any, headers: Mapping[str, str]) -> None:
        attempt(name, api.call(f"zitadel.{operation}", body=body, headers=headers, path=path))

    new = {"newPassword": {"password": NEW}}
    call("own right", "set_password", new, own)
    call("code", "set_password", {**new, "verificationCode": "K4RL0Z"}, own)
    call("late code", "set_password", {**new, "verificationCode": "L8TE11"}, own)
    call("current", "set_password", {**new, "currentPassword": person["password"] or NEW}, by)
    checks = {"user": {"userId": person["id"]}, "password": {"password": NEW}}
    attempt("sign in", api.call("zitadel.create_session", body={"checks": checks}, headers=by))
    call("reset", "password_reset", {"returnCode": {}}, by)
    call("lock", "lock_user", {}, by)


def _probe_entrust(api: Api, person: Person, by: Mapping[str, str], attempt: Attempt) -> None:
    if "machine" in person["situations"]:
        secret = {"applicationId": person["id"], "sharedSecret": person["password"]}
        attempt("authenticate", api.call("entrust.authenticate", body=secret))
        path, own = {"userid": _NOBODY}, person["headers"]
        attempt("look", api.call("entrust.get_password", path=path, headers=own))
        attempt("edit", api.call("entrust.set_password", path=path, headers=own, body={"forceUpdate": True}))
        attempt("remove", api.call("entrust.delete_password", path=path, headers=own))
        return
    path = {"userid": person["id"]}
    shown = api.call("entrust.get_password", path=path, headers=by)
    attempt(f"look {shown.body.get('present')} {shown.body.get('forceUpdate')}", shown)
    for name, password in (
        ("former", "Quiet.River.8820"),
        ("same", person["password"] or NEW),
        ("new", "Tall+Ship+5519"),
    ):
        body = {"password": password}
        attempt(name, api.call("entrust.set_password", path=path, headers=by, body=body))
    attempt("remove", api.call("entrust.delete_password", path=path, headers=by))


_PROBES: Mapping[str, Callable[[Api, Person, Mapping[str, str], Attempt], None]] = {
    "weavr_multi": _probe_weavr,
    "weavr_payment_run": _probe_weavr,
    "zitadel": _probe_zitadel,
    "entrust": _probe_entrust,
}
ADMINISTRATORS = {"weavr_multi": "clara", "weavr_payment_run": "cyrus", "zitadel": "iris", "entrust": "console"}
"""Who may do everything, by system."""
