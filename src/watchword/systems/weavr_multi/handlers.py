"""The operations of Weavr Multi: its shapes, and the tokeniser of both products."""

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.weavr import tokeniser
from watchword.systems.weavr.handlers import Json
from watchword.systems.weavr.records import Identity, PasswordToken, Programme, User
from watchword.systems.weavr.requirements import Requirements
from watchword.systems.weavr.sealing import seal
from watchword.systems.weavr.sessions import Caller
from watchword.systems.weavr.settings import ProgrammeSettings
from watchword.systems.weavr.user_handlers import UserHandlers, show_details
from watchword.systems.weavr_multi import rules
from watchword.systems.weavr_multi.settings import Settings

_CONSUMER = "CONSUMER"


def raise_requirements(settings: Settings, user: User, requirements: Requirements) -> Requirements:
    """Find what passwords of *user* must look like, given what the profile requires."""
    return rules.raise_minimum(user, requirements, others_minimum=settings.others_minimum)


class Handlers(UserHandlers):
    """The operations of Weavr Multi."""

    def requirements_for(self, call: Call, settings: ProgrammeSettings, user: User) -> Requirements:
        return raise_requirements(call.settings, user, super().requirements_for(call, settings, user))

    def check_identity(self, identity: Identity | None) -> None:
        rules.require_identity(identity)

    def password_info(self, user: User, identity: Identity | None, expiry_date: int) -> Json:
        return {"identityId": _shape_identity(user, identity), "expiryDate": expiry_date}

    def login_info(self, user: User, identity: Identity | None) -> Json:
        return {
            "identity": _shape_identity(user, identity),
            "credentials": {"type": user.credential.value, "id": user.id},
        }

    def check_manager(self, caller: Caller) -> None:
        """Refuse nobody: every user may read and invite the users of the identity."""

    def user_info(self, user: User, identity: Identity | None, added_by: User | None) -> Json:  # noqa: ARG002
        details = user.details
        more = {
            "tag": details.tag,
            "countryOfResidence": details.country_of_residence,
            "locale": details.locale,
            "brand": details.brand,
        }
        return {
            "id": user.id,
            "identity": _shape_identity(user, identity),
            **show_details(user),
            **{name: value for name, value in more.items() if value is not None},
        }

    @needs("values.*.value")
    def simulate_tokenise(self, call: Call) -> Answer:
        """Tokenise for a server."""
        return _tokenise(call)

    @needs("values.*.value", parameters=("header.programme-key",))
    def tokenise(self, call: Call) -> Answer:
        """Tokenise for a browser, which shows a public key."""
        found = call.tx.find(Programme, public_key=call.headers["programme-key"])
        tokeniser.require_front_end(next(iter(found), None))
        return _tokenise(call)


def _shape_identity(user: User, identity: Identity | None) -> Json:
    return {"type": identity.type if identity else _CONSUMER, "id": user.identity_id}


def _tokenise(call: Call) -> Answer:
    settings: Settings = call.settings
    tokens = {}
    for name, one in call.body["values"].items():
        token = tokeniser.draw_token(call.chance)
        end = tokeniser.compute_token_end(now=call.now, lifetime=settings.password_token_lifetime)
        sealed = seal(Secret(token), Secret(one["value"]))
        call.tx.put(PasswordToken(digest(token), sealed, end))
        tokens[name] = token
    return Answer(200, {"tokens": tokens})
