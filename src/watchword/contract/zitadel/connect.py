"""ZITADEL over Connect: a method of a service for each operation, and JSON in both directions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from watchword.contract.driver import Reply
from watchword.contract.other_wire import OtherWire
from watchword.contract.steps import Call
from watchword.contract.values import Template

_SPEAKING = ("v4.2", "v4.6")
"""Releases: those before have gRPC and gRPC-Web only."""
_CODES: Mapping[str, tuple[int, int]] = {
    "canceled": (1, 499),
    "unknown": (2, 500),
    "invalid_argument": (3, 400),
    "deadline_exceeded": (4, 504),
    "not_found": (5, 404),
    "already_exists": (6, 409),
    "permission_denied": (7, 403),
    "resource_exhausted": (8, 429),
    "failed_precondition": (9, 400),
    "aborted": (10, 409),
    "out_of_range": (11, 400),
    "unimplemented": (12, 501),
    "internal": (13, 500),
    "unavailable": (14, 503),
    "data_loss": (15, 500),
    "unauthenticated": (16, 401),
}
"""The numbers of the codes, and their statuses over REST."""
_USER = (
    *("set_password", "password_reset", "list_users", "get_user"),
    *("lock_user", "unlock_user", "deactivate_user", "reactivate_user", "delete_user"),
)
_SESSION = ("create_session", "get_session", "set_session", "delete_session", "list_sessions")
_NAMES = {"get_user": "GetUserByID"}
_OLDER = "_v2beta"


def _path(operation: str) -> str | None:
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


def _call(call: Call) -> Call:
    """Put what stands in path and query into the message."""
    message: dict[str, Any] = dict(call.body or {})
    for name, value in call.query.items() if isinstance(call.query, Mapping) else ():
        place = message
        *outer, last = name.split(".")
        for one in outer:
            place = place.setdefault(one, {})
        place[last] = _truth(value)
    message |= call.path
    headers = {**call.headers, "content-type": "application/json"}
    return replace(call, path={}, query={}, body=message, headers=headers)


def _truth(value: Template) -> Template:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _read(call: Call, reply: Reply) -> Reply:
    body = reply.body
    if reply.status < 300:  # success
        is_created = call.operation.partition(".")[2].startswith("create_")
        return replace(reply, status=201 if is_created else reply.status)
    if not isinstance(body, Mapping) or body.get("code") not in _CODES:
        return reply  # not an error of the protocol
    number, status = _CODES[str(body["code"])]
    meant = {"code": number, "message": body.get("message", ""), "details": _details(body.get("details"))}
    return replace(reply, status=status, body=meant)


def _is_answer(reply: Reply) -> bool:
    is_error = isinstance(reply.body, Mapping) and reply.body.get("code") in _CODES
    return is_error or reply.status == 200  # its only success


def _details(details: Any) -> list[Any]:
    """Read the readable form of details, which servers send along."""
    known = [one for one in details or () if isinstance(one, Mapping) and isinstance(one.get("debug"), Mapping)]
    return [{"@type": f"type.googleapis.com/{one.get('type')}", **one["debug"]} for one in known]


def _is_spoken(settings: Mapping[str, Any]) -> bool:
    return settings.get("zitadel_profile") in _SPEAKING


CONNECT = OtherWire("Connect", _path, _call, _is_answer, _read, _is_spoken)
