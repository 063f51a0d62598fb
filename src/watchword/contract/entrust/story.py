"""What administration applications do in the scenarios of Entrust, as sentences that become steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from watchword.contract.entrust.hashes import HASHES, PASSWORDS
from watchword.contract.lane import password_of, token_of
from watchword.contract.steps import Call, LookAtMails, Wait
from watchword.contract.telling import Tale, Told, gives
from watchword.contract.values import Joined, Kept, Of, Template, Value
from watchword.systems.entrust.checks import Check

GOOD, SECOND, THIRD, FOURTH = HASHES
"""Passwords that every rule accepts and that nobody has had."""
WRONG = "Never~Anybodys~4408"
"""A good password that nobody has."""
LONGEST = ((GOOD + SECOND + THIRD + FOURTH) * 4)[:255]
"""A good password of the greatest length."""
SHORT = "x-z"
"""A password that fails several checks."""
WEAK = "Aaaaaaaaaaaa1"
"""A password that everybody calls weak, whatever the estimate, and that fails no other check."""
NO_HASH = "no hash"
"""Nothing that could be imported."""
NOBODY = "00000000-0000-4000-8000-000000000000"
"""A UUID that nobody has."""
OF_A_USER = ("set_password", "get_password", "delete_password", "get_password_settings", "validate_password")
"""The operations that need a credential, and a user in their paths."""


@dataclass(frozen=True)
class User:
    """A user in a story."""

    story: "Story"
    role: str

    @property
    def id(self) -> Of:
        """The UUID in paths."""
        return Of(self.role, "id")

    @property
    def login(self) -> Of:
        """What the vendor calls the user ID."""
        return Of(self.role, "login")

    @property
    def alias(self) -> Of:
        """Another name to sign in with."""
        return Of(self.role, "alias")

    @property
    def first_name(self) -> Of:
        """The first part of the full name."""
        return Of(self.role, "first_name")

    @property
    def last_name(self) -> Of:
        """The rest of the full name."""
        return Of(self.role, "last_name")

    @property
    def first_password(self) -> Of:
        """The password at the beginning."""
        return Of(self.role, "password")

    @property
    def password(self) -> Kept:
        """The newest password, whether it is still there or not."""
        return Kept(password_of(self.role))

    def generated(self, back: int = 0) -> Kept:
        """The newest generated password that was returned, or one before it."""
        return Kept(f"the generated password of {self.role}", back)

    def has_mails(self, number: int, *, text_has: Iterable[Template] = ()) -> None:
        """State how many mails have come since the story began, and what the text of the newest has."""
        self.story.steps.append(LookAtMails(self.role, number, text_has=tuple(text_has)))


class Asked(Told):
    """A call of a story, to say what is answered."""

    def is_refused(self, status: int, code: str) -> "Asked":
        """State that the answer is a refusal with a code."""
        return self.answers(status, code)

    def is_invalid(self, *checks: str) -> "Asked":
        """State that a password is refused, and the failed checks in the order in which they are listed."""
        asked = self.answers(400, "invalid_password")
        for place, check in enumerate(checks):
            asked = asked.showing(f"/parameters/{place}/name", check)
        return asked.showing(f"/parameters/{len(checks)}", None)

    def fails(self, *checks: str, name: str | None = None) -> "Asked":
        """State which checks a validated password fails; it meets all others."""
        asked = self.answers(200, name)
        for check in Check:
            asked = asked.showing(f"/{check}", check not in checks)
        return asked

    def meets_all(self) -> "Asked":
        """State that a validated password meets every check."""
        return self.fails(name="good")

    def is_in_history(self) -> "Asked":
        """State that a validated password is in the history."""
        return self.answers(200, passwordHistory=False)

    def is_free(self) -> "Asked":
        """State that a validated password is not in the history."""
        return self.answers(200, passwordHistory=True)


@dataclass(frozen=True)
class Application:
    """An administration application in a story."""

    story: "Story"
    role: str

    @property
    def id(self) -> Of:
        """The application ID."""
        return Of(self.role, "id")

    @property
    def secret(self) -> Of:
        """The shared secret."""
        return Of(self.role, "secret")

    @property
    def pair(self) -> Joined:
        """The application ID, a comma and the secret, as a header has them."""
        return Joined((self.id, ",", self.secret))

    def token(self, back: int = 0) -> Kept:
        """The newest token, or one before it."""
        return Kept(token_of(self.role), back)

    def authenticates(self, **fields: Template) -> Asked:
        """Trade the secret for a token; *fields* replace those of the body."""
        body = {"applicationId": self.id, "sharedSecret": self.secret, **fields}
        return self.story.call(
            f"{self.role} authenticates", "authenticate", body=body, keeps={token_of(self.role): "/authToken"}
        )

    def calls(self, operation: str, user: User, *, says: str = "", **more: Any) -> Asked:
        """
        Call any operation for a user, with a body that would be accepted.

        Args:
            more: ``body``, ``keeps``, ``sets``, ``needs``, ``fails_log_in``; ``authorization`` instead of the newest
                token (None for no header); ``headers`` besides; ``id`` instead of the user's.
        """
        headers: dict[str, Template] = {}
        if "authorization" in more:
            headers["Authorization"] = more.pop("authorization")
        else:
            self._have_token()
            headers["Authorization"] = Joined(("Bearer ", self.token()))
        headers |= more.pop("headers", {})
        more.setdefault("body", _BODIES.get(operation))
        path = {"userid": more.pop("id", user.id)}
        words = f"{self.role} {says or _WORDS[operation].format(user=user.role)}"
        return self.story.call(words, operation, headers=headers, path=path, **more)

    def sets(self, user: User, password: Template = None, **fields: Template) -> Asked:
        """Set a password, without a mail unless *fields* ask for one; without *password* only attributes."""
        body = {"emailPassword": False, **({} if password is None else {"password": password}), **fields}
        return self.sends(user, body)

    def sends(self, user: User, body: Template, **more: Any) -> Asked:
        """Set a password with exactly this body."""
        fields = body if isinstance(body, dict) else {}
        current = fields.get("currentPassword")
        more.setdefault("fails_log_in", user.role if current not in (None, user.first_password) else "")
        return self.calls("set_password", user, body=body, **_gains(user, fields), **more)

    def reads(self, user: User, **more: Any) -> Asked:
        """Get the state of a password."""
        return self.calls("get_password", user, **more)

    def import_of(self, password: str) -> dict[str, Any]:
        """Make the body of a request that imports the bcrypt hash of a password."""
        return {"passwordFormat": "BCRYPT", "password": HASHES[password], "emailPassword": False}

    def imports(self, user: User, plain: str = GOOD, **fields: Template) -> Asked:
        """Import the bcrypt hash of a password; *fields* replace those of the body, None leaves one out."""
        body = {**self.import_of(plain), **fields}
        return self.sends(user, {name: value for name, value in body.items() if value is not None})

    def enters_wrong_password(self, user: User) -> Asked:
        """Try to change the password of a directory user with a wrong present one, which is refused."""
        return self.sets(user, GOOD, currentPassword=WRONG).is_refused(400, "current_password_incorrect")

    def removes(self, user: User, **more: Any) -> Asked:
        """Delete a password."""
        return self.calls("delete_password", user, **more)

    def reads_policy(self, user: User, **more: Any) -> Asked:
        """Get the policy that applies to a user."""
        return self.calls("get_password_settings", user, **more)

    def validates(self, user: User, password: Template, **fields: Template) -> Asked:
        """Validate a password."""
        return self.calls("validate_password", user, body={"password": password, **fields})

    def _have_token(self) -> None:
        if not self.story.has_token(self.role):
            self.authenticates()


@dataclass
class Story(Tale):
    """
    A story of an account.

    Args:
        authenticated: The applications that had a token before the story began, whether it is still good or not.
    """

    authenticated: frozenset[str] = frozenset()

    @property
    def administrator(self) -> Application:
        """The application that may do everything."""
        return self.application("administrator")

    def application(self, role: str) -> Application:
        """Let an application enter."""
        return Application(self, role)

    def user(self, role: str) -> User:
        """Let a user enter."""
        return User(self, role)

    def has_token(self, role: str) -> bool:
        """Whether an application has a token; one that it got before time passed may have ended."""
        lately = takewhile(lambda step: not isinstance(step, Wait), reversed(self.steps))
        return role in self.authenticated or any(gives(step, token_of(role)) for step in lately)

    def set_policy(self, **settings: Any) -> None:
        """Change the password policy of the account."""
        self.set(password=settings)

    def call(self, says: str, operation: str, **more: Any) -> Asked:
        """Add a call, which succeeds unless the story says otherwise."""
        return Asked(self.steps, self.tell(Call(says, f"{self.system}.{operation}", **more), 200))


_BODIES: dict[str, dict[str, Value | str | bool]] = {
    "set_password": {"password": GOOD, "emailPassword": False},
    "validate_password": {"password": GOOD},
}
_WORDS = {
    "set_password": "sets a password for {user}",
    "get_password": "reads the state of {user}'s password",
    "delete_password": "removes the password of {user}",
    "get_password_settings": "reads the policy for {user}",
    "validate_password": "has a password validated for {user}",
}


def changed_of(role: str) -> str:
    """Name what a password is kept under that was set since the beginning."""
    return f"a new password of {role}"


def _gains(user: User, fields: dict[str, Template]) -> dict[str, Any]:
    """Say what a call that sets a password keeps: the password, and that it is not the one of the beginning."""
    if fields.get("generatePassword"):
        names = (password_of(user.role), changed_of(user.role), user.generated().name)
        return {"keeps": dict.fromkeys(names, "/newPassword")} if fields.get("returnPassword") else {}
    password = fields.get("password")
    if password is None:
        return {}
    plain = PASSWORDS.get(password, password) if isinstance(password, str) else password
    return {"sets": {password_of(user.role): plain, changed_of(user.role): plain}}
