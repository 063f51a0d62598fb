"""Weavr Multi's façade over the core, and the tokeniser."""

from watchword.domain.secret import Secret
from watchword.system import Answer, Call
from watchword.systems.weavr import tokeniser
from watchword.systems.weavr.handlers import Json, PasswordHandlers
from watchword.systems.weavr.passwords import Requirements
from watchword.systems.weavr.records import Identity, Programme, User
from watchword.systems.weavr.settings import ProgrammeSettings
from watchword.systems.weavr_multi import rules
from watchword.systems.weavr_multi.settings import Settings

_CONSUMER = "CONSUMER"


class Handlers(PasswordHandlers):
    """The operations of Weavr Multi."""

    def requirements(self, call: Call, settings: ProgrammeSettings, user: User) -> Requirements:
        own: Settings = call.settings
        return rules.requirements_of(
            user, super().requirements(call, settings, user), others_minimum=own.others_minimum
        )

    def lost_by(self, _user: User, identity: Identity | None) -> None:
        rules.identity_found(identity)

    def password_info(self, user: User, identity: Identity | None, expiry_date: int) -> Json:
        return {"identityId": _shown(user, identity), "expiryDate": expiry_date}

    def logged_in(self, user: User, identity: Identity | None) -> Json:
        return {
            "identity": _shown(user, identity),
            "credentials": {"type": user.credential.value, "id": user.id},
        }

    def simulate_tokenise(self, call: Call) -> Answer:
        """Tokenise for a server."""
        return _tokenised(call)

    def tokenise(self, call: Call) -> Answer:
        """Tokenise for a browser, which shows a public key."""
        found = call.tx.find(Programme, public_key=call.headers["programme-key"])
        tokeniser.known_front_end(next(iter(found), None))
        return _tokenised(call)


def _shown(user: User, identity: Identity | None) -> Json:
    return {"type": identity.type if identity else _CONSUMER, "id": user.identity_id}


def _tokenised(call: Call) -> Answer:
    settings: Settings = call.settings
    lifetime = settings.password_token_lifetime
    tokens = {}
    for name, one in call.body["values"].items():
        token = tokeniser.new_token(call.chance)
        call.tx.put(tokeniser.minted(token, Secret(one["value"]), now=call.now, lifetime=lifetime))
        tokens[name] = token
    return Answer(200, {"tokens": tokens})
