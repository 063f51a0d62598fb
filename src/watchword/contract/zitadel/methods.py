"""The methods of ZITADEL's services: where the operations of the document are called over its other protocols."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from watchword.contract.driver import Reply
from watchword.contract.steps import Call
from watchword.contract.values import Template
from watchword.systems.zitadel.grpc_codes import with_number

_USER = (
    *("set_password", "password_reset", "list_users", "get_user"),
    *("lock_user", "unlock_user", "deactivate_user", "reactivate_user", "delete_user"),
)
_SESSION = ("create_session", "get_session", "set_session", "delete_session", "list_sessions")
_NAMES = {"get_user": "GetUserByID"}
_OLDER = "_v2beta"


def path_of(operation: str) -> str | None:
    """Give the path of an operation's method; None if it has none."""
    name = operation.partition(".")[2]
    plain, package = name.removesuffix(_OLDER), "v2beta" if name.endswith(_OLDER) else "v2"
    if plain in _USER:
        service = f"user.{package}.UserService"
    elif plain in _SESSION:
        service = f"session.{package}.SessionService"
    elif plain.endswith("_settings"):
        service = f"settings.{package}.SettingsService"
    else:
        return None
    return f"/zitadel.{service}/{_NAMES.get(plain) or ''.join(map(str.capitalize, plain.split('_')))}"


def with_message(call: Call) -> Call:
    """Put what stands in path and query into the body: a method has a message and nothing else."""
    message: dict[str, Any] = dict(call.body or {})
    for name, value in call.query.items() if isinstance(call.query, Mapping) else ():
        place = message
        *outer, last = name.split(".")
        for one in outer:
            place = place.setdefault(one, {})
        place[last] = _truth(value)
    return replace(call, path={}, query={}, body=message | dict(call.path))


def _truth(value: Template) -> Template:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def status_of_success(call: Call) -> int:
    """Give the status of a success over REST."""
    return 201 if call.operation.partition(".")[2].startswith("create_") else 200


def refusal(reply: Reply, number: int, message: object, details: list[Any]) -> Reply:
    """Write an error as REST does: with the status of its code, and its details in the body."""
    body = {"code": number, "message": message, "details": details}
    return replace(reply, status=with_number(number).http, body=body)
