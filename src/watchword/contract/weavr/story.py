"""What people do in the scenarios of both Weavr products, as sentences that become steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from watchword.contract.lane import password_of, token_of
from watchword.contract.steps import Call, LookAtMails, Step, Tune
from watchword.contract.telling import Tale, Told
from watchword.contract.values import Code, Joined, Kept, Of, Template, Value
from watchword.contract.weavr.cast import MULTI
from watchword.document.outcomes import NO_BODY

GOOD, SECOND, THIRD = "Lantern-42-amber", "Lantern-43-amber", "Lantern-44-amber"
"""Passwords that every rule accepts and that nobody has had."""
WRONG = "Wrong-99-wrong"
"""A password that nobody has."""
UNKNOWN_TOKEN = "A1b2C3d4E5f6G7h8I9j0K1l2"  # noqa: S105  # looks like a token that stands for a password
WRONG_CODE = "654321"
NOBODY = "nobody@nowhere.example"
_PASSWORD_TOKEN = "the password token"  # noqa: S105  # a name
_WITH_TOKEN = frozenset({"update_password", "logout", "list_users", "get_user", "invite_user"})
_SUCCESSES = ("consumer", "corporate", "buyer", "root", "authorised", "administrator", "token")
"""The names of answers that have a token."""
_DONE = {
    "create_password": (200,),
    "update_password": (200,),
    "validate_password": (204,),
    "start_lost_password": (204,),
    "resume_lost_password": (200,),
    "login_with_password": (200,),
    "logout": (204,),
    "list_users": (200,),
    "get_user": (200,),
    "invite_user": (204,),
    "validate_invite": (204,),
    "consume_invite": (200,),
}


class Story(Tale):
    """A story of one product, as far as it is told."""

    @property
    def is_multi(self) -> bool:
        """Whether it is told of Multi."""
        return self.system == MULTI

    def person(self, role: str) -> "Actor":
        """Let somebody enter."""
        return Actor(self, role)

    def people(self, *roles: str) -> "Iterable[Actor]":
        """Let several people enter."""
        return [self.person(role) for role in roles]

    @property
    def password_token(self) -> Kept:
        """The newest token that stands for a password, unless it was given a name."""
        return Kept(_PASSWORD_TOKEN)

    def draw_codes(self) -> None:
        """Let every mail have a code of its own."""
        self.steps.append(Tune({"random_codes": True}, may_be_so=True))

    def set_programme(self, **settings: Any) -> None:
        """Change settings of the programme of most people."""
        self.set(programmes={"main": settings})

    def add(self, call: Call) -> "Asked":
        """Add a call, which succeeds unless the story says otherwise."""
        return Asked(self.steps, self.tell(call, *_DONE.get(call.operation.partition(".")[2], (200,))))

    def tokenises(self, password: Template, *, name: str = _PASSWORD_TOKEN) -> Kept:
        """Let a server tokenise a password; gives the token."""
        body = {"values": {"password": {"value": password, "field": "PASSWORD"}}}
        self._tokenise("a server tokenises a password", "simulate_tokenise", body, keeps={name: "/tokens/password"})
        return Kept(name)

    def tokenises_in_browser(self, password: Template, public_key: Template) -> "Asked":
        """Let a page tokenise a password with a programme's public key."""
        body = {"values": {"password": {"value": password}}}
        headers, keeps = {"programme-key": public_key}, {_PASSWORD_TOKEN: "/tokens/password"}
        return self._tokenise("a page tokenises a password", "tokenise", body, headers=headers, keeps=keeps)

    def _tokenise(self, says: str, operation: str, body: Template, **more: Any) -> "Asked":
        return self.add(Call(says, f"{MULTI}.{operation}", body=body, **more))


class Asked(Told):
    """A call of a story, to say what is answered."""

    def is_refused(self, code: str, *, status: int = 409) -> "Asked":
        """State that the answer is a refusal with a code."""
        return self.answers(status, code)

    def is_forbidden(self, code: str = NO_BODY) -> "Asked":
        """State a 403, with a code or without a body."""
        return self.answers(403, code)

    def lists(self, *fields: tuple[Iterable[str], str, str]) -> "Asked":
        """State a 400 with these invalid fields: where, the name, and what is wrong with it."""
        invalid = [{"params": list(params), "fieldName": name, "error": error} for params, name, error in fields]
        self.answers(400, fields[0][2])
        return self.showing("/syntaxErrors/invalidFields", invalid)


@dataclass(frozen=True)
class Actor:
    """Somebody in a story."""

    story: Story
    role: str

    @property
    def id(self) -> Of:
        """The id in paths."""
        return Of(self.role, "id")

    @property
    def login(self) -> Of:
        """The e-mail address."""
        return Of(self.role, "login")

    @property
    def key(self) -> Of:
        """The ``api-key`` of the programme."""
        return Of(self.role, "key")

    @property
    def tag(self) -> Of:
        """A word of the programme's own about the person."""
        return Of(self.role, "tag")

    @property
    def other_key(self) -> Of:
        """An ``api-key`` of the other product."""
        return Of(self.role, "other_key")

    @property
    def public_key(self) -> Of:
        """What a page of the programme tokenises with."""
        return Of(self.role, "public_key")

    @property
    def password(self) -> Kept:
        """The present password."""
        return Kept(password_of(self.role))

    @property
    def first_password(self) -> Of:
        """The password at the beginning."""
        return Of(self.role, "password")

    def token(self, back: int = 0) -> Kept:
        """The newest token, or one before it."""
        return Kept(token_of(self.role), back)

    def code(self, back: int = 0) -> Code:
        """The code in the newest mail, or in one before it."""
        return Code(self.role, back)

    def call(self, says: str, operation: str, body: Template = None, **more: Any) -> Asked:
        """
        Call an operation.

        Args:
            more: ``headers`` that replace the person's own (None leaves one out), ``key`` and ``token`` instead of the
                person's, ``path``, ``query``, ``keeps``, ``sets``, ``fails_log_in``.
        """
        headers: dict[str, Template] = {"api-key": more.pop("key", self.key)}
        if operation in _WITH_TOKEN:
            token = more.pop("token", None)
            if token is None:
                self._have_token()
            headers["Authorization"] = Joined(("Bearer ", self.token() if token is None else token))
        headers |= more.pop("headers", {})
        system = self.story.system
        return self.story.add(Call(f"{self.role} {says}", f"{system}.{operation}", headers=headers, body=body, **more))

    def _have_token(self) -> None:
        if not any(_gives(step, token_of(self.role)) for step in self.story.steps):
            self.logs_in()

    def creates(self, password: Template = GOOD, *, user: Value | str | None = None, **more: Any) -> Asked:
        """Create the first password."""
        path = {"user_id": self.id if user is None else user}
        return self.call(
            "creates a password", "create_password", _password(password), path=path, **self._gains(password), **more
        )

    def updates(self, new: Template = GOOD, *, old: Template | None = None, **more: Any) -> Asked:
        """Update the password; the default for *old* is the present one."""
        body = {"oldPassword": {"value": self.password if old is None else old}, "newPassword": {"value": new}}
        return self.call("updates the password", "update_password", body, **{**self._gains(new), **more})

    def validates(self, password: Template = GOOD, **more: Any) -> Asked:
        """Have a password validated."""
        return self.call("has a password validated", "validate_password", _password(password), **more)

    def loses_password(self, email: Template | None = None, **more: Any) -> Asked:
        """Start the reset of a lost password."""
        body = {"email": self.login if email is None else email}
        return self.call("starts the reset of a lost password", "start_lost_password", body, **more)

    def resumes(
        self, new: Template = GOOD, *, code: Template | None = None, email: Template | None = None, **more: Any
    ) -> Asked:
        """Set a new password with the code in the mail."""
        body = {
            "email": self.login if email is None else email,
            "nonce": self.code() if code is None else code,
            "newPassword": {"value": new},
        }
        return self.call("sets a new password with the code", "resume_lost_password", body, **self._gains(new), **more)

    def logs_in(self, password: Template | None = None, *, email: Template | None = None, **more: Any) -> Asked:
        """Log in; the default for *password* is the present one."""
        body = {
            "email": self.login if email is None else email,
            "password": {"value": self.password if password is None else password},
        }
        more.setdefault("fails_log_in", self.role if password is not None and email is None else "")
        more.setdefault("keeps", {token_of(self.role): "/token"})
        return self.call("logs in", "login_with_password", body, **more)

    def enters_wrong_password(self) -> Asked:
        """Try to log in with a wrong password, which is refused."""
        refused = self.logs_in(WRONG).says(f"{self.role} logs in with a wrong password")
        return refused.is_forbidden(self.story_refusal)

    @property
    def story_refusal(self) -> str:
        """The name of a refused log-in: only the document of Payment Run gives it a body."""
        return NO_BODY if self.story.is_multi else "INSUFFICIENT_PERMISSIONS"

    def cannot_log_in(self, password: Template | None = None) -> Asked:
        """Be refused at log-in."""
        return self.logs_in(password).is_forbidden(self.story_refusal)

    def logs_out(self, **more: Any) -> Asked:
        """Log out."""
        return self.call("logs out", "logout", **more)

    def lists_users(self, **query: Any) -> Asked:
        """List the users of the identity."""
        return self.call("lists the users", "list_users", query=query)

    def reads_user(self, user: "Actor | str", **more: Any) -> Asked:
        """Read a user."""
        return self.call("reads a user", "get_user", path={"user_id": _id_of(user)}, **more)

    def invites(self, user: "Actor | str", **more: Any) -> Asked:
        """Invite a user."""
        return self.call(f"invites {_name_of(user)}", "invite_user", path={"user_id": _id_of(user)}, **more)

    def validates_invite(self, code: Template | None = None, *, user: str | None = None, **more: Any) -> Asked:
        """Have the code of an invitation validated."""
        body = {"inviteCode": self.code() if code is None else code}
        path = {"user_id": self.id if user is None else user}
        return self.call("has the code of the invitation validated", "validate_invite", body, path=path, **more)

    def consumes_invite(
        self, password: Template = GOOD, *, code: Template | None = None, user: str | None = None, **more: Any
    ) -> Asked:
        """Set the first password with the code of an invitation."""
        body = {"inviteCode": self.code() if code is None else code, **_password(password), **more.pop("body", {})}
        path = {"user_id": self.id if user is None else user}
        return self.call("consumes the invitation", "consume_invite", body, path=path, **self._gains(password), **more)

    def has_mails(
        self, number: int, *, link_has: Iterable[Template] = (), link_passes: Iterable[Template] = ()
    ) -> None:
        """State how many mails have come since the story began, and what a link of the newest has and passes on."""
        self.story.steps.append(LookAtMails(self.role, number, tuple(link_has), tuple(link_passes)))

    def _gains(self, password: Template) -> dict[str, Any]:
        """Say what a call that sets a password keeps."""
        return {"keeps": {token_of(self.role): "/token"}, "sets": {password_of(self.role): password}}


def _gives(step: Step, kept: str) -> bool:
    """Whether a step keeps a value: with success, or at log-in with a password that has expired."""
    return (
        isinstance(step, Call)
        and kept in step.keeps
        and step.expected is not None
        and (step.expected.statuses[0] in (200, 409) and step.expected.name in (None, "PASSWORD_EXPIRED", *_SUCCESSES))
    )


def _password(password: Template) -> dict[str, Template]:
    return {"password": {"value": password}}


def _id_of(user: Actor | str) -> Template:
    return user if isinstance(user, str) else user.id


def _name_of(user: Actor | str) -> str:
    return "somebody" if isinstance(user, str) else user.role
