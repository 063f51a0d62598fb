"""Why we do not notice some mutants."""

import re
from collections.abc import Mapping

from tests.mutants import read_unnoticed

_NO_BODY = "This answer has no body, in which a code could stand."
_SAME_ANSWER = "Both faults get the same answer."
_SELDOM_INSIDE = "A random password has a word of the user inside so seldom that no number of draws would show it."
_DRAWN = "What is drawn at random is compared by its role, and not by its characters."
_FOR_A_PROJECT = "A role of a project includes no such permission, so nobody is refused so."
_NOT_PLAYED: Mapping[str, str] = {
    "entrust.bcrypt.hash-required/after-entrust.password.attributes-only": _SAME_ANSWER,
    "entrust.history.size/policy.password_history_size-plus-1": (
        "It compares no more passwords than entrust.history.imported has chosen by the right size."
    ),
    "entrust.password.generated/user": _SELDOM_INSIDE,
    "entrust.user.locked": "No answer says whether a user is locked.",
    "weavr.invite.programme/after-weavr.invite.inactive": _SAME_ANSWER,
    "weavr.login.locked/AccountLocked-code": _NO_BODY,
    "weavr.lost.account/after-weavr.lost.multiple": "An address without an account is not the address of several.",
    "weavr.lost.inactive/Forbidden-code": _NO_BODY,
    "weavr.password.expiry/password.expires_at": "It is told of a password that was just created: none has an end.",
    "weavr.session.inactive/after-weavr.session.temporary": _SAME_ANSWER,
    "weavr.session.known/after-weavr.key.known": _SAME_ANSWER,
    "weavr.token.minted/gone": _DRAWN,
    "weavr_multi.lost.identity/IdentityNotFound-code": _NO_BODY,
    "zitadel.current.tarpit": "Only how long an answer takes would show it, and answers are not timed.",
    "zitadel.permission.user_delete/PermissionForOneProject": _FOR_A_PROJECT,
    "zitadel.permission.user_state/PermissionForOneProject": _FOR_A_PROJECT,
    "zitadel.permission.user_write/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.permission.user_write/memberships.project": _FOR_A_PROJECT,
    "zitadel.session.delete/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.session.ended/session.token": "Only whether there is a token matters, and not which.",
    "zitadel.session.read/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.session.token": "Its moment decides only which of ten thousand tokens is forgotten first.",
    "zitadel.session.write/PermissionElsewhere": _FOR_A_PROJECT,
    "zitadel.token.signature/key.public_key": "The last character of a key is the line break behind it.",
    "zitadel.user.exists/after-zitadel.user.initialised": "A service user is never new, so nobody has both faults.",
    "zitadel.validate.first/message.required_oneofs": "Only a part of a request has such a group, never all of it.",
}
"""By the id of the rule, or how the ids of mutants begin: what `watchword test` cannot see over HTTP."""


def reason_of(mutant: str) -> str:
    """Tell why nothing is noticed of a mutant; empty if that is not known."""
    not_played = (why for start, why in _NOT_PLAYED.items() if re.match(rf"{re.escape(start)}([/.-]|$)", mutant))
    return read_unnoticed().get(mutant) or next(not_played, "")
