"""Everything the control API refuses, as problem details (RFC 9457) with a ``code`` for programs."""

import inspect
from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any

from watchword.admin import wiremock_shapes
from watchword.control import errors as control
from watchword.control.errors import ControlError
from watchword.domain.refusal import Refusal, Violation
from watchword.edge import problem
from watchword.edge.problem import Problem
from watchword.system import Answer, Call, Handler

STATUSES: Mapping[type[ControlError], int] = {
    control.OutsideCalendar: 400,
    control.InvalidSandboxName: 400,
    control.InvalidSnapshotName: 400,
    control.NoSuchOperation: 400,
    control.NoSuchProposal: 400,
    control.NoSuchFault: 404,
    control.NoSuchEntry: 404,
    control.NoSuchMessage: 404,
    control.NoSuchMutant: 404,
    control.NoSuchPerson: 404,
    control.NoSuchRule: 404,
    control.NoSuchSandbox: 404,
    control.NoSuchSnapshot: 404,
    control.NoSuchSystem: 404,
    control.JournalOff: 404,
    control.CannotReplay: 409,
    control.ContradictorySettings: 409,
    control.DefaultSandboxStays: 409,
    control.ImpossibleChange: 409,
    control.ImpossibleFault: 409,
    control.ImpossibleState: 409,
    control.NewerState: 409,
    control.MutantsClash: 409,
    control.NothingAhead: 409,
    control.PersonExists: 409,
    control.PersonNotPossible: 409,
    control.SandboxExists: 409,
    control.SnapshotExists: 409,
    control.TooManyFaults: 409,
    control.TooManySnapshots: 409,
    control.NotVerified: 409,
    control.SandboxExists: 409,
    control.EntryGone: 410,
    control.StateGone: 410,
    control.PatternNotSupported: 422,
    control.ChangeNotStored: 503,
    control.TooManySandboxes: 503,
}
"""The status of each control error."""
_REQUESTS: Mapping[type[ControlError], str] = {control.DefaultSandboxStays: "POST /__admin/reset"}
"""The request that does what the sentence of an error recommends at its end."""


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


def answer_control_errors(handler: Handler) -> Handler:
    """Answer every control error that *handler* raises; an asynchronous handler stays asynchronous."""
    handle: Any = handler
    if inspect.iscoroutinefunction(handle):

        @wraps(handle)
        async def awaiting(call: Call) -> Any:
            try:
                return await handle(call)
            except ControlError as error:
                return render_error(error)

        return awaiting

    @wraps(handle)
    def calling(call: Call) -> Any:
        try:
            return handle(call)
        except ControlError as error:
            return render_error(error)

    return calling


def render_error(error: ControlError) -> Answer:
    """Write *error* as problem details; one that only WireMock's clients get is written as WireMock does."""
    if isinstance(error, control.PatternNotSupported):
        return Answer(
            STATUSES[type(error)], wiremock_shapes.errors("Error parsing JSON", error.sentence, error.pointer)
        )
    request = _REQUESTS.get(type(error))
    detail = error.sentence if request is None else f"{error.sentence.removesuffix('.')}: {request}."
    written = problem.problem_details(Problem(STATUSES[type(error)], detail, error.code))
    body = dict(written.body)
    if isinstance(error, control.ContradictorySettings | control.ImpossibleFault | control.ImpossibleState):
        body["errors"] = problem.errors(
            [Violation("body", one.path, error.code, detail=one.detail) for one in error.violations]
        )
    if isinstance(error, control.ImpossibleChange):
        body["errors"] = problem.errors(
            [Violation("body", ("change", *one.path), error.code, detail=one.detail) for one in error.violations]
        )
    if isinstance(error, control.PersonNotPossible):
        body["errors"] = problem.errors([Violation("body", (error.field,), error.code, detail=error.problem)])
    if isinstance(error, control.NotVerified):
        body |= {"verified": False, "count": error.count, "nearest": list(error.nearest)}
    return replace(written, body=body)


def render(refusal: Refusal, _settings: Any) -> Answer:
    """Write any *refusal* as problem details."""
    written = problem.render(refusal, None)
    return replace(written, body={**written.body, "code": refusal.code})


def code_of(status: int, body: Any) -> frozenset[str]:
    """Find the code of an answer; empty if it is not a refusal."""
    code = body.get("code") if status >= HTTPStatus.BAD_REQUEST and isinstance(body, dict) else None
    return frozenset((code,)) if isinstance(code, str) else frozenset()
