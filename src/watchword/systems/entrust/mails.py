"""The mails that Entrust sends when a password was set."""

from watchword.domain.outbox import Outbox
from watchword.domain.rule import ASSUMED, rule
from watchword.systems.entrust.records import User

SUBJECT = "Your password has been changed"


@rule(
    "entrust.password.mail",
    ASSUMED,
    "vendor page 'Set a user password', emailPassword: its text is assumed",
)
def announce(user: User, *, new_password: str | None, portal_url: str, outbox: Outbox) -> None:
    """
    Unless emailPassword is false the user is told by mail, with the password if it was generated.

    A password that the client chose is in no mail here, because it is kept nowhere in plain.
    A user without an address gets none.
    """
    if user.email is None:
        return
    shown = f"Your new password is: {new_password}\n\n" if new_password else ""
    text = (
        f"Hello {user.full_name},\n\n"
        f"an administrator has set a new password for your account {user.login}.\n\n"
        f"{shown}"
        f"Sign in at {portal_url}.\n"
    )
    codes = (new_password,) if new_password else ()
    outbox.mail(to=user.email, subject=SUBJECT, text=text, codes=codes, links=(portal_url,))
