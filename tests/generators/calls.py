"""One call of each system that a generated client has to make successfully."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.serving import Served

SYSTEMS = ("weavr_multi", "weavr_payment_run", "zitadel", "entrust")


@dataclass(frozen=True)
class Call:
    """
    One call.

    Args:
        operation: The id in the document.
        schema: The name of the schema of the body.
        header: The name of the header with the credential; empty for none.
        has_parameters: Whether the operation has parameters besides the body.
        body_required: An optional body comes after the parameters, where generators make arguments of them.
    """

    operation: str
    path: str
    schema: str
    body: Mapping[str, Any]
    status: int
    header: str = ""
    credential: str = ""
    has_parameters: bool = True
    body_required: bool = True

    @cached_property
    def system(self) -> str:
        """The system that is called."""
        return self.operation.partition(".")[0]

    @cached_property
    def snake(self) -> str:
        """The name as generators for Python write it."""
        return self.operation.replace(".", "_")

    @cached_property
    def pascal(self) -> str:
        """The name as generators for Go write it."""
        return "".join(word.capitalize() for word in self.snake.split("_"))

    @cached_property
    def camel(self) -> str:
        """The name as generators for Java and TypeScript write it."""
        return self.pascal[:1].lower() + self.pascal[1:]

    @cached_property
    def headers(self) -> dict[str, str]:
        """The header with the credential."""
        return {self.header: self.credential} if self.header else {}


def calls(served: Served) -> list[Call]:
    """Make the calls, with the credentials of seed people."""
    import requests  # noqa: PLC0415  # Schemathesis brings it

    people = requests.get(f"{served.url}/__admin/people", timeout=30).json()["people"]
    found = {(one["system"], one["name"]): one for one in people}
    ada, bruno = found["weavr_multi", "ada"], found["weavr_payment_run", "bruno"]
    robot, mini = found["zitadel", "robot"], found["zitadel", "mini"]
    return [
        Call(
            "weavr_multi.login_with_password",
            "/login_with_password",
            "MultiLogIn",
            {"email": ada["login"], "password": {"value": ada["password"]}},
            200,
            "api-key",
            ada["headers"]["api-key"],
        ),
        Call(
            "weavr_payment_run.login_with_password",
            "/v1/login_with_password",
            "PaymentRunLogIn",
            {"email": bruno["login"], "password": {"value": bruno["password"]}},
            200,
            "api-key",
            bruno["headers"]["api-key"],
        ),
        Call(
            "zitadel.create_session",
            "/v2/sessions",
            "ZitadelCreateSessionRequest",
            {"checks": {"user": {"userId": mini["id"]}}},
            201,
            "Authorization",
            robot["headers"]["Authorization"],
            body_required=False,
        ),
        Call(
            "entrust.authenticate",
            "/api/web/v1/adminapi/authenticate",
            "EntrustAdminApiAuthentication",
            {
                "applicationId": "d3f7a0c2-4d8e-431c-b1d8-7a17cd4d6301",
                "sharedSecret": "watchword-entrust-console-secret",
            },
            200,
            has_parameters=False,
        ),
    ]
