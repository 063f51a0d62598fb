"""Why we do not notice some mutants."""

from collections.abc import Mapping

from tests.mutants import read_unnoticed

_LONG_EXPIRED = (
    "Only the passwords of some seed people have an end of their own, which is ten days ago: no call comes near it."
)
_OWN_COUNT = "A sequence number is each server's own count, and is not compared."
_DRAWN = "What is drawn at random is compared by its role, and not by its characters."
_NO_SIGNATURE = "No scenario has an assertion with a good signature; tests of our own do."
_NOT_PLAYED: Mapping[str, str] = {
    "entrust.password.generated": _DRAWN,
    "weavr.login.expired/password.expires_at": _LONG_EXPIRED,
    "weavr.password.expiry/password.expires_at": _LONG_EXPIRED,
    "zitadel.current.tarpit": "Only how long an answer takes would show it, and answers are not timed.",
    "zitadel.session.lifetime/keeps-sequence": _OWN_COUNT,
    "zitadel.session.metadata/keeps-sequence": _OWN_COUNT,
    "zitadel.session.token": "Its moment decides only which of ten thousand tokens is forgotten first.",
    "zitadel.token.assertion": _NO_SIGNATURE,
    "zitadel.token.signature": _NO_SIGNATURE,
}
"""By the id of the rule, or how the ids of mutants begin: what `watchword test` cannot see over HTTP."""


def reason_of(mutant: str) -> str:
    """Tell why nothing is noticed of a mutant; empty if that is not known."""
    not_played = (why for start, why in _NOT_PLAYED.items() if f"{mutant}/".startswith((f"{start}/", f"{start}-")))
    return read_unnoticed().get(mutant) or next(not_played, "")
