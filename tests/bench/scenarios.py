"""The requests that everybody is asked, and what Watchword answers."""

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.domain.digest_cache import CAPACITY
from watchword.system.seed_data import Person

Json = Mapping[str, Any]
USERS = 160
"""
So many that a user's next update is never sent before the last one is answered, though one of 16 connections
may have to wait (libuv accepts one a turn), and so few that the digest of the last one is remembered.
"""
_TURNS = 7
"""Longer than a history of five, so that no update is a reuse."""
_CHOSEN = tuple(f"Quiet-River-{number}!" for number in range(CAPACITY + 44))
"""More than the server remembers digests of, so that every new password is hashed; so are those of `updates`."""


def _ring(user: int, turn: int) -> str:
    return f"Ring-road-{turn % _TURNS}-lamp-{user}"


@dataclass(frozen=True)
class Script:
    """
    What a client sends.

    Args:
        again: Whole requests, sent over and over in this order.
        first: Sent once, before.
        sandboxes: Are put back to their seed before.
    """

    again: Sequence[bytes]
    first: Sequence[bytes] = ()
    sandboxes: Sequence[str] = ()


@dataclass(frozen=True)
class Scenario:
    """
    One kind of request.

    Args:
        title: As a table shows it.
        status: What Watchword must answer.
        request: Method, path, headers and body of a single one.
        bare: Whether a bare route, which only reads and writes JSON, can be asked the same.
    """

    name: str
    title: str
    status: int
    request: tuple[str, str, Mapping[str, str], Json | None]
    script: Script
    bare: bool = False

    def ask(self, connection: http.client.HTTPConnection) -> int:
        """Send one request and return the status."""
        method, path, headers, body = self.request
        connection.request(method, path, None if body is None else json.dumps(body), _typed(headers, body))
        answer = connection.getresponse()
        answer.read()
        return answer.status


def _typed(headers: Mapping[str, str], body: Json | None) -> dict[str, str]:
    return dict(headers) if body is None else {**headers, "Content-Type": "application/json"}


def raw(method: str, path: str, headers: Mapping[str, str], body: Json | None) -> bytes:
    """Write a request as it goes over the wire."""
    content = None if body is None else json.dumps(body, separators=(",", ":")).encode("ascii")
    return wired(method, path, _typed(headers, body), content)


def wired(method: str, path: str, headers: Mapping[str, str], content: bytes | None) -> bytes:
    """Write a request whose body is bytes already."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content is not None:
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (content or b"")


def same(
    name: str, title: str, status: int, request: tuple[str, str, Mapping[str, str], Json | None], *, bare: bool = False
) -> Scenario:
    """Make a scenario that sends one request over and over."""
    return Scenario(name, title, status, request, Script([raw(*request)]), bare=bare)


def updates(ada: Person) -> Script:
    """
    Change the passwords of many people, round and round, each time another one.

    Every sandbox has an Ada of its own. The server remembers the digest of the old password, which was
    the new one a moment before, and has to compute that of the new one.
    """

    def update(user: int, old: str, new: str) -> bytes:
        headers = {**ada.headers, "Watchword-Sandbox": f"bench-{user}"}
        return raw("POST", "/passwords/update", headers, {"oldPassword": {"value": old}, "newPassword": {"value": new}})

    everybody = range(USERS)
    return Script(
        first=[update(user, str(ada.password), _ring(user, 0)) for user in everybody],
        again=[
            update(user, _ring(user, turn - 1), _ring(user, turn))
            for turn in range(1, _TURNS + 1)
            for user in everybody
        ],
        sandboxes=[f"bench-{user}" for user in everybody],
    )


def scenarios(people: Sequence[Person]) -> dict[str, Scenario]:
    """Make the scenarios with the seed people, by name."""

    def who(system: str, name: str) -> Person:
        return next(one for one in people if (one.system, one.name) == (system, name))

    ada, otto, mini = who("weavr_multi", "ada"), who("zitadel", "otto"), who("zitadel", "mini")
    local, key = who("entrust", "ada"), {"api-key": ada.headers["api-key"]}
    validate, update = "/passwords/validate", "/passwords/update"
    changed = {"oldPassword": {"value": ada.password}, "newPassword": {"value": _ring(0, 0)}}
    place = f"/v2/users/{mini.id}/password"
    chosen = [("POST", place, otto.headers, {"newPassword": {"password": one}}) for one in _CHOSEN]
    found = [
        same(
            "validate", "validate", 204, ("POST", validate, key, {"password": {"value": "Harbour-7-lamp"}}), bare=True
        ),
        same("too-short", "too short", 409, ("POST", validate, key, {"password": {"value": "Short-1"}})),
        same("malformed", "malformed", 400, ("POST", validate, key, {"password": {}})),
        Scenario("update", "update", 200, ("POST", update, ada.headers, changed), updates(ada)),
        same("entrust", "Entrust get", 200, ("GET", f"/api/web/v1/users/{local.id}/passwords", local.headers, None)),
        Scenario("zitadel", "ZITADEL set", 200, chosen[0], Script([raw(*one) for one in chosen])),
    ]
    return {one.name: one for one in found}


def reset(port: int, sandboxes: Sequence[str]) -> None:
    """Put *sandboxes* of a Watchword back to their seed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for name in sandboxes:
            connection.request("POST", "/__admin/reset", headers={"Watchword-Sandbox": name})
            connection.getresponse().read()
    finally:
        connection.close()
