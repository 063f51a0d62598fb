"""The mail that Entrust sends when a password was set."""

from watchword.domain.outbox import Outbox
from watchword.domain.rule import ASSUMED, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import User

SUBJECT = "Your password has been changed"


@rule(
    "entrust.password.mail",
    ASSUMED,
    "vendor page 'Set a user password', emailPassword: its text is assumed",
    compares=lambda user, parms: {
        "emailPassword": parms.email_password,
        "generatePassword": parms.generate_password,
        "address": user.email is not None,
    },
)
def send_mail(
    user: User, parms: UserPasswordParms, *, new_password: Secret | None, portal_url: str, outbox: Outbox
) -> None:
    """
    Unless emailPassword is false, the user gets a mail, which holds the password if it was generated.

    A password that the client sent is in no mail, because no password of a client is stored in plain text.
    A user without an address gets no mail.

    Args:
        new_password: The new password, sent or generated; None if a hash was imported.
    """
    if not parms.emails_user or user.email is None:
        return
    generated = new_password.revealed if new_password is not None and parms.generate_password else ""
    shown = f"Your new password is: {generated}\n\n" if generated else ""
    text = (
        f"Hello {user.full_name},\n\n"
        f"an administrator has set a new password for your account {user.login}.\n\n"
        f"{shown}"
        f"Sign in at {portal_url}.\n"
    )
    outbox.mail(to=user.email, subject=SUBJECT, text=text, codes=(generated,) if generated else (), links=(portal_url,))
