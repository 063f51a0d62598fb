"""Whoever calls in the scenarios of ZITADEL: a service user with a token, or a person with a session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from watchword.contract.lane import token_of
from watchword.contract.steps import Call, Expected, Step
from watchword.contract.telling import Told, gives
from watchword.contract.values import Joined, Kept, Of, Template
from watchword.contract.zitadel.cast import ROLES

_CREATED = "create_session"


class Asked(Told):
    """A call of a story, to say what is answered."""

    def is_refused(self, code: str, *, status: int = 400) -> Self:
        """State that the answer is a refusal with an id."""
        return self.answers(status, code)

    def is_forbidden(self, code: str = "AUTH-AWfge") -> Self:
        """State a 403; the default is that no role of the caller includes the permission."""
        return self.answers(403, code)

    def needs_a_role(self) -> Self:
        """State that the caller has no role where one is needed."""
        return self.answers(404, "AUTHZ-cdgFk")


@dataclass(frozen=True)
class Caller:
    """
    Somebody in a story.

    Args:
        steps: Of the story, as far as it is told.
        package: The ending of the ids of the operations that are called: empty for v2, ``_v2beta`` for the older one.
        given: The token that is called with, instead of the newest one.
    """

    steps: list[Step]
    package: str
    role: str
    given: Template = None

    @property
    def id(self) -> Of:
        """The id in paths."""
        return Of(self.role, "id")

    @property
    def login(self) -> Of:
        """The login name."""
        return Of(self.role, "login")

    @property
    def organisation(self) -> Kept:
        """The id of the organisation, from an answer about this user."""
        return Kept(organisation_of(self.role))

    def session_token(self, back: int = 0) -> Kept:
        """The newest token of the person's sessions, or one before it."""
        return Kept(token_of(self.role), back)

    def calling_with(self, token: Template) -> Self:
        """Let the person call with a token."""
        return replace(self, given=token)

    def other(self, role: str) -> Self:
        """Turn to somebody else in the story."""
        return replace(self, role=role, given=None)

    def call(self, says: str, operation: str, body: Template = None, **more: Any) -> Asked:
        """
        Call an operation.

        Args:
            more: ``headers`` that replace the others (None leaves one out), ``path``, ``query``, ``keeps``, ``sets``,
                ``fails_log_in``.
        """
        headers: Mapping[str, Template] = more.pop("headers", {})
        if "Authorization" not in headers:
            headers = {"Authorization": Joined(("Bearer ", self._token())), **headers}
        call = Call(f"{self.role} {says}", f"zitadel.{operation}{self.package}", headers=headers, body=body, **more)
        self.steps.append(replace(call, expected=Expected((201 if operation == _CREATED else 200,))))
        return Asked(self.steps, len(self.steps) - 1)

    def get_token(self) -> None:
        """Do what gives a person a token to call with."""
        raise NotImplementedError

    def _token(self) -> Template:
        if self.given is not None:
            return self.given
        if "token" in ROLES[self.role].words:
            return Of(self.role, "token")
        if not any(gives(step, token_of(self.role)) for step in self.steps):
            self.get_token()
        return self.session_token()


def organisation_of(role: str) -> str:
    """Name what the organisation of a user is kept under."""
    return f"the organisation of {role}"


def id_of(whom: Caller | str) -> Template:
    """Give the id in the path; one that nobody has is given as it is."""
    return whom if isinstance(whom, str) else whom.id


def name_of(whom: Caller | str) -> str:
    """Name somebody in a sentence."""
    return "somebody" if isinstance(whom, str) else whom.role


def through(by: Caller | None) -> str:
    """Say who calls for somebody else."""
    return "" if by is None else f", called by {by.role}"
