"""What a handler loads before it asks a rule, and the session that it stores after a log-in."""

from dataclasses import replace

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.weavr import sessions, tokeniser
from watchword.systems.weavr.records import PasswordToken, Programme, Scope, Session, User
from watchword.systems.weavr.settings import ProgrammeSettings


def read_password(call: Call, field: str, settings: ProgrammeSettings) -> Secret:
    """
    Read the password in the *field* of the body, which may be a token for it.

    Raises:
        Refusal: The programme does not accept it in this form.
    """
    value = Secret(call.body[field]["value"])
    # Most passwords are shorter than a token, and are not looked up.
    found = call.tx.get(PasswordToken, digest(value)) if len(value.revealed) >= tokeniser.LENGTH else None
    return tokeniser.resolve_password(value, found, tokenised=settings.tokenised, field=(field, "value"), now=call.now)


def find_user(call: Call, identifier: str) -> User | None:
    """Find a user by id."""
    found = call.tx.get(User, identifier)
    return None if found is None else _with_settings(call, found)


def find_users(call: Call, programme: Programme, email: str) -> list[User]:
    """Find the users of *programme* with an e-mail address, in any case of its letters."""
    found = call.tx.find(User, programme_id=programme.id, email=email.lower())
    return [_with_settings(call, user) for user in found]


def find_users_of_identity(call: Call, user: User) -> list[User]:
    """Find all users of the identity that *user* acts for, the user included."""
    found = call.tx.find(User, programme_id=user.programme_id, identity_id=user.identity_id)
    return [_with_settings(call, one) for one in found]


def _with_settings(call: Call, user: User) -> User:
    """Deactivate *user* if the settings say so."""
    return replace(user, active=False) if user.id in call.settings.deactivated else user


def start_session(call: Call, user: User, settings: ProgrammeSettings, *, scope: Scope = Scope.EVERYTHING) -> str:
    """Store a new session of *user*, and give its token."""
    token = call.chance.of(user.id).token()
    # It ends now unless the rule extends it.
    session = Session(digest(token), user.id, scope, expires_at=call.now)
    call.tx.put(sessions.extend_session(session, now=call.now, lifetime=settings.session_lifetime))
    return token
