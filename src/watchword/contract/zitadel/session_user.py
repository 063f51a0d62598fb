"""What happens to a session: it starts, is read, changes and ends, and its token opens the service."""

from collections.abc import Mapping
from typing import Any, Self

from watchword.contract.lane import password_of, token_of
from watchword.contract.values import Kept, Template
from watchword.contract.zitadel.caller import Asked, Caller, through


def session_of(role: str) -> str:
    """Name what the ids of a person's sessions are kept under."""
    return f"the session of {role}"


def with_password(password: Template) -> dict[str, Template]:
    """Make the check of a password."""
    return {"password": {"password": password}}


class SessionUser(Caller):
    """
    Somebody with sessions.

    People use theirs through a sign-in page, which calls with a token of its own; *by* is whoever calls instead.
    """

    def session(self, back: int = 0) -> Kept:
        """The id of the newest session, or of one before it."""
        return Kept(session_of(self.role), back)

    def named(self) -> dict[str, Template]:
        """The check of the person's login name."""
        return {"user": {"loginName": self.login}}

    def get_token(self) -> None:
        """Sign in: the token of a session is an access token of its user."""
        self.signs_in()

    def signs_in(
        self, password: Template | None = None, *, by: Self | None = None, lifetime: str | None = None
    ) -> Asked:
        """Start a session with the password; the default is the present one."""
        fails = self.role if password is not None else ""
        given = Kept(password_of(self.role)) if password is None else password
        body = {"checks": {**self.named(), **with_password(given)}, **({"lifetime": lifetime} if lifetime else {})}
        return self.starts_session(body, by=by, fails_log_in=fails).says(f"{self.role} signs in{through(by)}")

    def starts_session(self, body: Template = None, *, by: Self | None = None, **more: Any) -> Asked:
        """Start a session, by default with the login name only; what is kept of it is kept as this person's."""
        caller = self.other("sign-in") if by is None else by
        keeps = {token_of(self.role): "/sessionToken", session_of(self.role): "/sessionId"}
        given = {"checks": self.named()} if body is None else body
        asked = caller.call("", "create_session", given, keeps=keeps, **more)
        return asked.says(f"{self.role} starts a session{through(by)}")

    def changes_session(
        self, body: Template, *, session: Template | None = None, by: Self | None = None, **more: Any
    ) -> Asked:
        """Change the newest session, or another one."""
        keeps = {token_of(self.role): "/sessionToken"}
        return self._on_session("set", "changes the session", body, session, by, keeps=keeps, **more)

    def checks_password(self, password: Template | None = None, *, by: Self | None = None) -> Asked:
        """Have the password checked in a session that has begun; the default is the present one."""
        given = Kept(password_of(self.role)) if password is None else password
        fails = self.role if password is not None else ""
        asked = self.changes_session({"checks": with_password(given)}, by=by, fails_log_in=fails)
        return asked.says(f"{self.role} has the password checked{through(by)}")

    def reads_session(
        self, *, token: Template | None = None, session: Template | None = None, by: Self | None = None
    ) -> Asked:
        """Read the newest session, or another one; *token* is sent in the query."""
        query = {} if token is None else {"sessionToken": token}
        return self._on_session("get", "reads the session", None, session, by, query=query)

    def ends_session(
        self, *, token: Template | None = None, session: Template | None = None, by: Self | None = None
    ) -> Asked:
        """End the newest session, or another one."""
        body = None if token is None else {"sessionToken": token}
        return self._on_session("delete", "ends the session", body, session, by)

    def lists_sessions(self, *queries: Template, **more: Template) -> Asked:
        """List the sessions that fit all queries."""
        return self.call("lists sessions", "list_sessions", {"queries": list(queries), **more})

    def uses_token(self, headers: Mapping[str, Template] | None = None) -> Asked:
        """Use the token for anything: everybody may list sessions."""
        nobody: Template = {"queries": [{"idsQuery": {"ids": ["1"]}}]}
        return self.call("lists no sessions", "list_sessions", nobody, headers=headers or {})

    def _on_session(
        self, verb: str, says: str, body: Template, session: Template | None, by: Self | None, **more: Any
    ) -> Asked:
        caller = self.other("sign-in") if by is None else by
        path = {"sessionId": self.session() if session is None else session}
        return caller.call("", f"{verb}_session", body, path=path, **more).says(f"{self.role} {says}{through(by)}")
