"""What a server says in ways of its own that somebody lives with, said as the vendor says it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from watchword.contract.driver import Reply
from watchword.contract.finding import Finding

_TYPE = "content-type"


class OwnWays:
    """
    The ways of one server.

    Args:
        findings: Those that are accepted, and after which a sequence went on.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = [one for one in findings if one.is_passed]

    def tell(self, told: str) -> str:
        """Say what an answer is, such as ``409 A_CODE``; as it is if that can mean several things."""
        status, _, codes = told.partition(" ")
        meant = {
            one.should for one in self._findings if one.place in ("status", "code") and (one.read_as or one.was) == told
        }
        if not meant and codes:
            meant = {
                f"{one.should.split()[0]} {codes}"
                for one in self._findings
                if one.place == "status" and one.is_form and one.was.split()[0] == status
            }
        return meant.pop() if len(meant) == 1 else told

    def read(self, reply: Reply, told: str) -> Reply:
        """Give an answer as the vendor would, and without the members that only this server has."""
        meant = self.tell(told)
        (status, *codes), (_, *own_codes) = meant.split(), told.split()
        body = _respelled(reply.body, dict(zip(own_codes, codes, strict=False)))
        for one in self._findings:
            if one.place.startswith("body/") and one.was == "there":
                body = _without(body, one.place.split("/")[1:])
        headers = dict(reply.headers)
        for one in self._findings:
            if one.place == f"header {_TYPE}" and headers.get(_TYPE, "").partition(";")[0] == one.was:
                headers[_TYPE] = one.should
        content = reply.content if body == reply.body else orjson.dumps(body)
        return replace(reply, status=int(status), headers=headers, content=content, body=body)


def _respelled(body: Any, codes: Mapping[str, str]) -> Any:
    match body:
        case Mapping():
            return {name: _respelled(member, codes) for name, member in body.items()}
        case list():
            return [_respelled(member, codes) for member in body]
        case str():
            return codes.get(body, body)
        case _:
            return body


def _without(body: Any, path: Sequence[str]) -> Any:
    """Leave a member out; ``*`` is every member of a list."""
    name, *rest = path
    if isinstance(body, list) and name == "*" and rest:
        return [_without(member, rest) for member in body]
    if not isinstance(body, Mapping) or name not in body:
        return body
    if not rest:
        return {other: member for other, member in body.items() if other != name}
    return {**body, name: _without(body[name], rest)}
