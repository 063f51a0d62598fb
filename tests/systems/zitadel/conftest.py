"""The client and the fixtures of ZITADEL's tests."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Api, People, Response
from tests.systems.zitadel.virtual_time import VirtualTime, VirtualTimeLoop
from watchword.system.seed_data import Person

UNKNOWN_ID = "269629023906488999"
NEW = "Fr3shly-Ch0sen!"


@dataclass(frozen=True)
class Zitadel:
    """A client that names the seed people by their first names."""

    api: Api
    people: People
    package: str = ""

    def person(self, name: str) -> Person:
        """Find a seed person."""
        return self.people["zitadel", name]

    def set_password(
        self, of: str, body: Any = None, *, by: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Set the password *of* a user, with the token of *by*, or else with the user's own."""
        return self._on_user("set_password", of, body, by or of, headers)

    def change(self, of: str, new: str = NEW, *, by: str | None = None, **fields: Any) -> Response:
        """Set the password *of* a user to *new*, with the user's own token and more *fields* in the body."""
        return self.set_password(of, {"newPassword": {"password": new}, **fields}, by=by)

    def reset(
        self, of: str, body: Any = None, *, by: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Request a code *of* a user, with the token of *by*, or else with the user's own."""
        return self._on_user("password_reset", of, {} if body is None else body, by or of, headers)

    def code(self, of: str, *, by: str | None = None) -> str:
        """Request a code and return it."""
        answer = self.reset(of, {"returnCode": {}}, by=by)
        assert answer.status == 200
        return str(answer.body["verificationCode"])

    def sign_in(self, name: str, password: str | None = None, *, by: str = "login") -> Response:
        """Start a session of the person called *name*."""
        checks: dict[str, Any] = {"user": {"loginName": self.person(name).login}}
        if password is not None:
            checks["password"] = {"password": password}
        return self.session({"checks": checks}, by=by)

    def session(self, body: Any, *, by: str = "login", headers: Mapping[str, str] | None = None) -> Response:
        """Start a session."""
        sent = {**self.person(by).headers, **(headers or {})}
        return self.api.call(f"zitadel.create_session{self.package}", body=body, headers=sent)

    def on_session(
        self, operation: str, session_id: str, body: Any = None, *, by: str = "login", token: str | None = None
    ) -> Response:
        """Read, change or end a session; *token* is the one in the query."""
        headers, query = self.person(by).headers, {} if token is None else {"sessionToken": token}
        name, path = f"zitadel.{operation}_session{self.package}", {"sessionId": session_id}
        return self.api.call(name, path=path, body=body, headers=headers, query=query)

    def raw(
        self, path: str, content: bytes, *, by: str | None = "mini", method: str = "POST", **headers: str
    ) -> Response:
        """Send bytes."""
        sent = {**(self.person(by).headers if by else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.api.request(method, path, content=content, headers=sent)

    def _on_user(self, operation: str, of: str, body: Any, by: str, headers: Mapping[str, str] | None) -> Response:
        identifier = of if of.isdigit() or len(of) > 100 else self.person(of).id
        return self.api.call(
            f"zitadel.{operation}{self.package}",
            path={"userId": identifier},
            body=body,
            headers={**self.person(by).headers, **(headers or {})},
        )


@pytest.fixture
def zitadel(api: Api, people: People) -> Zitadel:
    """The service under ``/v2``."""
    return Zitadel(api, people)


@pytest.fixture(scope="session")
def virtual_runner() -> Iterator[asyncio.Runner]:
    """An event loop in which waiting takes no time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        yield runner


@pytest.fixture
def virtual_time(virtual_runner: asyncio.Runner, api: Api) -> VirtualTime:
    """Virtual time for the requests of a test."""
    api.runner = virtual_runner
    return VirtualTime(virtual_runner)


def refusal(response: Response) -> tuple[int, int, str]:
    """Read the status, the gRPC code and the message of a refusal; of a success the last two are empty."""
    return response.status, response.body.get("code", 0), response.body.get("message", "")


def details(identifier: str, message: str) -> list[dict[str, str]]:
    """Make the details of a refusal with an id."""
    return [{"@type": "type.googleapis.com/zitadel.v1.ErrorDetail", "id": identifier, "message": message}]
