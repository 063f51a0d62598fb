"""ZITADEL over Connect: a method of a service for each operation, and JSON in both directions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from watchword.contract.driver import Reply
from watchword.contract.other_wire import OtherWire
from watchword.contract.steps import Call
from watchword.contract.zitadel.methods import path_of, refusal, status_of_success, with_message
from watchword.systems.zitadel.grpc_codes import with_name

_SPEAKING = ("v4.2", "v4.6")
"""Releases: those before have gRPC and gRPC-Web only."""


def _call(call: Call) -> Call:
    found = with_message(call)
    return replace(found, headers={**found.headers, "content-type": "application/json"})


def _read(call: Call, reply: Reply) -> Reply:
    if reply.status < 300:  # success
        return replace(reply, status=status_of_success(call))
    if not _is_error(reply.body):
        return reply
    number = with_name(reply.body["code"]).number
    return refusal(reply, number, reply.body.get("message", ""), _details(reply.body.get("details")))


def _is_answer(reply: Reply) -> bool:
    return _is_error(reply.body) or reply.status == 200  # its only success


def _is_error(body: Any) -> bool:
    """Whether a body is an error of the protocol."""
    code = body.get("code") if isinstance(body, Mapping) else None
    return isinstance(code, str) and with_name(code).name == code


def _details(details: Any) -> list[Any]:
    """Read the readable form of details, which servers send along."""
    known = [one for one in details or () if isinstance(one, Mapping) and isinstance(one.get("debug"), Mapping)]
    return [{"@type": f"type.googleapis.com/{one.get('type')}", **one["debug"]} for one in known]


def _is_spoken(settings: Mapping[str, Any]) -> bool:
    return settings.get("zitadel_profile") in _SPEAKING


CONNECT = OtherWire("Connect", path_of, _call, _is_answer, _read, _is_spoken)
