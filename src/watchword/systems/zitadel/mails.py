"""
What ZITADEL sends.

Source:
    Assumed: the texts are ours, in English; the service's own are templates that every instance may change.
    Observed: a changed password is told by mail by default (``cmd/defaults.yaml``, NotificationPolicy).
"""

from watchword.domain.outbox import Outbox
from watchword.systems.zitadel.records import User
from watchword.systems.zitadel.reset import Medium


def code_issued(outbox: Outbox, to: str, medium: Medium, *, code: str, link: str) -> None:
    """Send a *code*, by mail with its *link*."""
    if medium is Medium.TEXT_MESSAGE:
        outbox.text_message(to=to, text=f"The code to reset your password is {code}.", codes=(code,))
        return
    text = (
        "We received a request to reset your password. Open this link to choose another:\n\n"
        f"{link}\n\nThe code is {code}. If you did not ask for it, ignore this mail.\n"
    )
    outbox.mail(to=to, subject="Reset password", text=text, codes=(code,), links=(link,))


def password_changed(outbox: Outbox, user: User) -> bool:
    """Tell *user* that the password was changed; False if there is no address."""
    if user.email is None:
        return False
    text = "The password of your user has changed. If this was not you, reset it right away.\n"
    outbox.mail(to=user.email, subject="Password of user has changed", text=text)
    return True
