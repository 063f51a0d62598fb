"""The mails that the vendor sends to a programme's users."""

from watchword.domain.outbox import Outbox
from watchword.domain.rule import OBSERVED, rule

CHANGED = "Your Password Has Been Changed"
LOST = "Reset Your Password"
INVITED = "You Have Been Invited"


def send_nonce(outbox: Outbox, *, to: str, code: str, link: str) -> None:
    """Send the nonce, and a link to the page where a new password is set with it."""
    outbox.mail(
        to=to,
        subject=LOST,
        text=f"Somebody asked to reset your password.\n\nSet a new one here: {link}\n\nYour code: {code}\n",
        codes=(code,),
        links=(link,),
    )


def send_invitation(outbox: Outbox, *, to: str, code: str, link: str) -> None:
    """Send the code of an invitation, and a link to the page where the first password is set with it."""
    outbox.mail(
        to=to,
        subject=INVITED,
        text=f"You have been invited.\n\nSet your password here: {link}\n\nYour code: {code}\n",
        codes=(code,),
        links=(link,),
    )


@rule("weavr.mail.changed", OBSERVED, "Mails of the real service.")
def send_password_changed(outbox: Outbox, *, to: str) -> None:
    """After an update or a reset a mail says 'Your Password Has Been Changed'; after the first password none does."""
    outbox.mail(to=to, subject=CHANGED, text="Your password has been changed. If that was not you, tell us at once.\n")
