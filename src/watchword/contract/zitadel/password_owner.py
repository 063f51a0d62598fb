"""What happens to a password: it is changed with a proof, set without one, and codes are requested."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from watchword.contract.lane import password_of
from watchword.contract.steps import LookAtMails
from watchword.contract.values import Code, Kept, Of, Template
from watchword.contract.zitadel.caller import Asked, Caller, id_of, name_of, organisation_of, through

GOOD, SECOND, THIRD = "Lantern-42-amber", "Lantern-43-amber", "Lantern-44-amber"
"""Passwords that every policy accepts and that nobody has had."""
WRONG = "Wrong-99-wrong"
"""A password that nobody has."""
WRONG_CODE = "WRONG1"
UNKNOWN_ID, TOO_LONG_ID = "269629023906488999", "9" * 201
TEXT_MESSAGE = "NOTIFICATION_TYPE_SMS"


def code_of(role: str) -> str:
    """Name what the codes in answers are kept under."""
    return f"the code of {role}"


class PasswordOwner(Caller):
    """
    Somebody with a password.

    People change theirs through the server of a front end, which calls with a token of its own; *by* is whoever calls
    instead.
    """

    @property
    def password(self) -> Kept:
        """The present password."""
        return Kept(password_of(self.role))

    @property
    def first_password(self) -> Of:
        """The password at the beginning."""
        return Of(self.role, "password")

    def code(self, back: int = 0) -> Kept:
        """The code in the newest answer with one, or in one before it."""
        return Kept(code_of(self.role), back)

    def sent_code(self, back: int = 0) -> Code:
        """The code in the newest mail or text message, or in one before it."""
        return Code(self.role, back)

    def changes_password(
        self, new: Template = GOOD, *, current: Template | None = None, by: Self | None = None, **more: Any
    ) -> Asked:
        """Change the password; the default for *current* is the present one."""
        given = self.password if current is None else current
        # A release counts the present password as a wrong one if it is the new one, too.
        more.setdefault("fails_log_in", self.role if current is not None or new == given else "")
        return self._sets("changes the password", {**_new(new), "currentPassword": given}, by=by, **more)

    def redeems_code(self, new: Template = GOOD, *, code: Template | None = None, by: Self | None = None) -> Asked:
        """Set a new password with a code; the default is the one in the newest answer."""
        given = self.code() if code is None else code
        return self._sets("sets a new password with a code", {**_new(new), "verificationCode": given}, by=by)

    def sets_password_of(self, whom: Self | str, new: Template = GOOD, *, required: bool | None = None) -> Asked:
        """Set a password without a proof; *required* is whether another has to be chosen at the next sign-in."""
        body = _new(new) if required is None else {"newPassword": {"password": new, "changeRequired": required}}
        return self.sends_password_of(whom, body, f"sets the password of {name_of(whom)}")

    def sends_password_of(self, whom: Self | str, body: Template, says: str, **more: Any) -> Asked:
        """Send any body where passwords are set."""
        sets = {} if isinstance(whom, str) else _gained(whom.role, body)
        return self.call(says, "set_password", body, path={"userId": id_of(whom)}, sets=sets, **more)

    def gets_code(self, *, by: Self | None = None) -> Asked:
        """Request a code that comes back in the answer."""
        return self._requests_code("requests a code in the answer", {"returnCode": {}}, by=by)

    def is_sent_code(self, body: Template = None, *, by: Self | None = None) -> Asked:
        """Request a code that is sent."""
        return self._requests_code("requests a code", {} if body is None else body, by=by)

    def is_sent_link(self, template: str) -> Asked:
        """Request a mail with a link of one's own making."""
        body = {"sendLink": {"urlTemplate": template}}
        return self._requests_code(f"requests a code with the link {template!r}", body, by=None)

    def requests_code_of(self, whom: Self | str, body: Template, **more: Any) -> Asked:
        """Request a code of anybody."""
        path = {"userId": id_of(whom)}
        return self.call(f"requests a code of {name_of(whom)}", "password_reset", body, path=path, **more)

    def has_mails(self, number: int, *, link_has: Iterable[Template] = ()) -> None:
        """State how many mails have come since the story began, and what stands in a link of the newest."""
        self.steps.append(LookAtMails(self.role, number, tuple(link_has)))

    def _sets(self, says: str, body: Mapping[str, Template], *, by: Self | None, **more: Any) -> Asked:
        caller = self.other("manager") if by is None else by
        return caller.sends_password_of(self, body, says, **more).says(f"{self.role} {says}{through(by)}")

    def _requests_code(self, says: str, body: Template, *, by: Self | None) -> Asked:
        caller = self.other("manager") if by is None else by
        keeps = {code_of(self.role): "/verificationCode", organisation_of(self.role): "/details/resourceOwner"}
        return caller.requests_code_of(self, body, keeps=keeps).says(f"{self.role} {says}{through(by)}")


def _new(password: Template) -> dict[str, Template]:
    return {"newPassword": {"password": password}}


def _gained(role: str, body: Template) -> dict[str, Template]:
    """Say which password a person has after a change."""
    new = body.get("newPassword") if isinstance(body, Mapping) else None
    return {password_of(role): new["password"]} if isinstance(new, Mapping) and "password" in new else {}
