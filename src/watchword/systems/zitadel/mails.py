"""
The messages that ZITADEL sends.

Source:
    Assumed: the texts are ours, in English; the service's own are templates that every instance may change.
    Observed: a changed password is reported by mail by default (``cmd/defaults.yaml``, NotificationPolicy).
"""

from watchword.domain.outbox import Outbox
from watchword.domain.secret import Secret
from watchword.systems.zitadel.records import User
from watchword.systems.zitadel.reset import Medium


def send_code(outbox: Outbox, to: str, medium: Medium, *, code: Secret, link: Secret) -> None:
    """
    Send a *code*.

    Args:
        link: Sent by mail only.
    """
    shown = code.reveal()
    if medium is Medium.TEXT_MESSAGE:
        outbox.text_message(to=to, text=f"The code to reset your password is {shown}.", codes=(shown,))
        return
    text = (
        "We received a request to reset your password. Open this link to choose another:\n\n"
        f"{link.reveal()}\n\nThe code is {shown}. If you did not ask for it, ignore this mail.\n"
    )
    outbox.mail(to=to, subject="Reset password", text=text, codes=(shown,), links=(link.reveal(),))


def send_password_changed(outbox: Outbox, user: User) -> bool:
    """
    Report to *user* that the password was changed.

    Returns:
        Whether a mail was sent: False if there is no address.
    """
    if user.email is None:
        return False
    text = "The password of your user has changed. If this was not you, reset it right away.\n"
    outbox.mail(to=user.email, subject="Password of user has changed", text=text)
    return True
