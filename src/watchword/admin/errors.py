"""Everything the control API refuses, as problem details (RFC 9457) with a ``code`` for programs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from watchword.domain.refusal import Refusal, Violation
from watchword.edge import problem
from watchword.system import Answer


class Calendar(Refusal):
    """400. The clock would leave the years that it can show."""

    status, code = 400, "calendar"


class TokenRequired(Refusal):
    """401. There is an admin token, and the request does not have it."""

    status, code = 401, "token-required"
    default_message = (
        "This server has an admin token. Send it as 'Authorization: Bearer TOKEN' or 'Watchword-Admin-Token: TOKEN'."
    )

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="watchword"'})


class NotLocal(Refusal):
    """403. There is no admin token, and the request does not come from this machine."""

    status, code = 403, "not-local"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. Start the server with --admin-token to use it from elsewhere.")


class NoSuchMessage(Refusal):
    """404. The sandbox has no such message."""

    status, code = 404, "no-such-message"

    def __init__(self, identifier: int) -> None:
        super().__init__(f"There is no message {identifier} in this sandbox.")


class NoSuchSandbox(Refusal):
    """404. There is no sandbox of this name."""

    status, code = 404, "no-such-sandbox"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no sandbox {name!r}.")


class SandboxExists(Refusal):
    """409. A sandbox has this name already."""

    status, code = 409, "sandbox-exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a sandbox {name!r} already. Reset or delete it, or leave the name out to get a new one."
        )


class DefaultStays(Refusal):
    """409. The sandbox of requests that name none is always there."""

    status, code = 409, "default-stays"

    def __init__(self, name: str) -> None:
        super().__init__(f"The sandbox {name!r} is always there. Reset it instead: POST /__admin/reset.")


class Contradiction(Refusal):
    """409. Each setting is possible, but not together with the others."""

    status, code = 409, "contradiction"
    default_message = "These settings are not possible, or not together; nothing was changed."

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__()
        self.violations = tuple(violations)


class NoRoom(Refusal):
    """503. There are as many sandboxes as the server was told to allow."""

    status, code = 503, "too-many-sandboxes"


def render(refusal: Refusal, _settings: Any) -> Answer:
    """Write any *refusal* as problem details."""
    answer = problem.render(refusal, None)
    body = {**answer.body, "code": refusal.code}
    if isinstance(refusal, Contradiction):
        body["errors"] = problem.errors(refusal.violations)
    return replace(answer, body=body)


def code_of(_status: int, body: Any) -> frozenset[str]:
    """Find the code of an answer; empty if it is no refusal."""
    return frozenset((body["code"],)) if isinstance(body, dict) and "code" in body else frozenset()
