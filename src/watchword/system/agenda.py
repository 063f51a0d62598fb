"""What is going to happen in a sandbox by itself, when its clock gets there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """
    Something that happens by itself.

    Args:
        at: The first instant at which an answer differs, in the sandbox's time.
        kind: What happens, for programs: ``lock-ends``, ``token-expires``.
        what: The same as a sentence for people, without a name, a code or a token.
        user_id: Whom it concerns, by the id in the system's paths; None if it concerns nobody in particular.
    """

    at: datetime
    kind: str
    what: str
    user_id: str | None = None


KINDS: Mapping[str, str] = {
    "code-expires": "The code of a lost password expires.",
    "invitation-expires": "An invitation expires.",
    "lock-ends": "Too many wrong passwords no longer lock log-in.",
    "password-expires": "The password expires.",
    "password-may-change": "The password is old enough to be changed.",
    "notice-passes": "The date on which the user is told of the expiry passes.",
    "key-expires": "The key of a service user expires.",
    "token-expires": "A token expires.",
    "token-idles-out": "A token ends, unless it is used before.",
    "session-expires": "A session and its token expire.",
    "password-token-expires": "A token that stands for a password expires.",
    "reference-forgotten": "The answer to an idempotency-ref is forgotten.",
    "rate-limit-reopens": "A caller who has reached a rate limit is answered again.",
}
"""What can happen, as sentences."""


def event(kind: str, at: datetime, user_id: str | None = None) -> Event:
    """Make an event of one of `KINDS`."""
    return Event(at, kind, KINDS[kind], user_id)
