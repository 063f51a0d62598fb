"""Why we do not notice some mutants."""

from collections.abc import Mapping

from tests.mutants import read_unnoticed

_LONG_EXPIRED = (
    "Only the passwords of some seed people have an end of their own, which is ten days ago: no call comes near it."
)
_DRAWN = "What is drawn at random is compared by its role, and not by its characters."
_FOR_A_PROJECT = "A role of a project includes no such permission, so nobody is refused so."
_OWN_WORDS = "Only the text of a refusal names the message, and each release words its texts in its own way."
_ENDLESS_KEY = "Only a key that is about to expire would show it, and no seed person has one."
_NOT_PLAYED: Mapping[str, str] = {
    "entrust.password.generated": _DRAWN,
    "weavr.login.expired/password.expires_at": _LONG_EXPIRED,
    "weavr.password.expiry/password.expires_at": _LONG_EXPIRED,
    "zitadel.current.tarpit": "Only how long an answer takes would show it, and answers are not timed.",
    "zitadel.json.mapping/message.name": _OWN_WORDS,
    "zitadel.permission.user_delete/PermissionForOneProject": _FOR_A_PROJECT,
    "zitadel.permission.user_state/PermissionForOneProject": _FOR_A_PROJECT,
    "zitadel.permission.user_write/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.permission.user_write/memberships.project": _FOR_A_PROJECT,
    "zitadel.session.delete/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.session.ended/session.token": "Only whether there is a token matters, and not which.",
    "zitadel.session.read/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.session.token": "Its moment decides only which of ten thousand tokens is forgotten first.",
    "zitadel.session.write/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.token.signature/key.expires_at": _ENDLESS_KEY,
    "zitadel.token.signature/key.public_key": "The last character of a key is the line break behind it.",
    "zitadel.token.signature/now": _ENDLESS_KEY,
    "zitadel.user.exists/after-zitadel.user.initialised": "A service user is never new, so nobody has both faults.",
    "zitadel.validate.first/message.name": _OWN_WORDS,
    "zitadel.validate.first/message.required_oneofs": "Only a part of a request has such a group, never all of it.",
}
"""By the id of the rule, or how the ids of mutants begin: what `watchword test` cannot see over HTTP."""


def reason_of(mutant: str) -> str:
    """Tell why nothing is noticed of a mutant; empty if that is not known."""
    not_played = (why for start, why in _NOT_PLAYED.items() if f"{mutant}/".startswith((f"{start}/", f"{start}-")))
    return read_unnoticed().get(mutant) or next(not_played, "")
