"""The operations over REST: the path and the body are one message, and a reply is the body of a success."""

from watchword.domain.refusal import Refusal
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.zitadel import (
    discovery,
    operations,
    session_operations,
    settings_operations,
    token_endpoint,
    user_operations,
)


@needs(parameters=("path.userId",))
def set_password(call: Call) -> Answer | Refusal:
    """Set a password."""
    return _answer(call, operations.set_password)


@needs(parameters=("path.userId",))
def set_password_v2beta(call: Call) -> Answer | Refusal:
    """Set a password; the older package."""
    return _answer(call, operations.set_password)


@needs(parameters=("path.userId",))
def password_reset(call: Call) -> Answer | Refusal:
    """Make a verification code."""
    return _answer(call, operations.reset_password)


@needs(parameters=("path.userId",))
def password_reset_v2beta(call: Call) -> Answer | Refusal:
    """Make a verification code; the older package."""
    return _answer(call, operations.reset_password)


def create_session(call: Call) -> Answer | Refusal:
    """Start a session."""
    return _answer(call, session_operations.create_session, status=201)


def create_session_v2beta(call: Call) -> Answer | Refusal:
    """Start a session; the older package."""
    return _answer(call, session_operations.create_session, status=201)


@needs(parameters=("path.sessionId",))
def get_session(call: Call) -> Answer | Refusal:
    """Show a session."""
    return _answer(call, session_operations.get_session)


@needs(parameters=("path.sessionId",))
def get_session_v2beta(call: Call) -> Answer | Refusal:
    """Show a session; the older package."""
    return _answer(call, session_operations.get_session)


@needs(parameters=("path.sessionId",))
def set_session(call: Call) -> Answer | Refusal:
    """Change a session."""
    return _answer(call, session_operations.set_session)


@needs(parameters=("path.sessionId",))
def set_session_v2beta(call: Call) -> Answer | Refusal:
    """Change a session; the older package."""
    return _answer(call, session_operations.set_session)


@needs(parameters=("path.sessionId",))
def delete_session(call: Call) -> Answer | Refusal:
    """End a session."""
    return _answer(call, session_operations.delete_session)


@needs(parameters=("path.sessionId",))
def delete_session_v2beta(call: Call) -> Answer | Refusal:
    """End a session; the older package."""
    return _answer(call, session_operations.delete_session)


def list_sessions(call: Call) -> Answer | Refusal:
    """List sessions."""
    return _answer(call, session_operations.list_sessions)


def list_sessions_v2beta(call: Call) -> Answer | Refusal:
    """List sessions; the older package."""
    return _answer(call, session_operations.list_sessions)


def list_users(call: Call) -> Answer | Refusal:
    """List users."""
    return _answer(call, user_operations.list_users)


def list_users_v2beta(call: Call) -> Answer | Refusal:
    """List users; the older package."""
    return _answer(call, user_operations.list_users_v2beta)


@needs(parameters=("path.userId",))
def get_user(call: Call) -> Answer | Refusal:
    """Read a user."""
    return _answer(call, user_operations.get_user)


@needs(parameters=("path.userId",))
def get_user_v2beta(call: Call) -> Answer | Refusal:
    """Read a user; the older package."""
    return _answer(call, user_operations.get_user_v2beta)


@needs(parameters=("path.userId",))
def delete_user(call: Call) -> Answer | Refusal:
    """Delete a user."""
    return _answer(call, user_operations.delete_user)


@needs(parameters=("path.userId",))
def lock_user(call: Call) -> Answer | Refusal:
    """Lock a user."""
    return _answer(call, user_operations.lock_user)


@needs(parameters=("path.userId",))
def unlock_user(call: Call) -> Answer | Refusal:
    """Unlock a user."""
    return _answer(call, user_operations.unlock_user)


@needs(parameters=("path.userId",))
def deactivate_user(call: Call) -> Answer | Refusal:
    """Deactivate a user."""
    return _answer(call, user_operations.deactivate_user)


@needs(parameters=("path.userId",))
def reactivate_user(call: Call) -> Answer | Refusal:
    """Reactivate a user."""
    return _answer(call, user_operations.reactivate_user)


def get_general_settings(call: Call) -> Answer | Refusal:
    """Read what is general about the instance."""
    return _answer(call, settings_operations.get_general_settings)


def get_login_settings(call: Call) -> Answer | Refusal:
    """Read how people sign in."""
    return _answer(call, settings_operations.get_login_settings)


def get_login_settings_v2beta(call: Call) -> Answer | Refusal:
    """Read how people sign in; the older package."""
    return _answer(call, settings_operations.get_login_settings_v2beta)


def get_password_complexity_settings(call: Call) -> Answer | Refusal:
    """Read what a password must contain."""
    return _answer(call, settings_operations.get_password_complexity_settings)


def get_password_expiry_settings(call: Call) -> Answer | Refusal:
    """Read how long a password is good for."""
    return _answer(call, settings_operations.get_password_expiry_settings)


def get_domain_settings(call: Call) -> Answer | Refusal:
    """Read what is decided about domains."""
    return _answer(call, settings_operations.get_domain_settings)


def get_lockout_settings(call: Call) -> Answer | Refusal:
    """Read when users are locked."""
    return _answer(call, settings_operations.get_lockout_settings)


# The older package has the same messages.
get_general_settings_v2beta = get_general_settings
get_password_complexity_settings_v2beta = get_password_complexity_settings
get_password_expiry_settings_v2beta = get_password_expiry_settings
get_domain_settings_v2beta = get_domain_settings
get_lockout_settings_v2beta = get_lockout_settings


def openid_configuration(call: Call) -> Answer:
    """Say where tokens are issued."""
    return Answer(200, discovery.describe_issuer(call.root_url, call.settings.zitadel_profile))


def openid_configuration_by_post(call: Call) -> Answer:
    """Say where tokens are issued."""
    return openid_configuration(call)


def token(call: Call) -> Answer:
    """Issue a token."""
    return Answer(200, token_endpoint.issue_token(call))


def token_by_get(call: Call) -> Answer:
    """Issue a token, to a request whose fields are in the query."""
    return token(call)


def keys(_call: Call) -> Answer:
    """Show the key that ID tokens are signed with."""
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # few servers need it, and it takes 9 MiB

    return Answer(200, {"keys": [jwt.own_public_key()]})


def healthz(_call: Call) -> Answer:
    """Say that the server runs."""
    return Answer(200, b"ok", {"Content-Type": "text/plain; charset=utf-8"})


def ready(_call: Call) -> Answer:
    """Say that the server answers requests."""
    return Answer(200, "ok")


def _answer(call: Call, operation: operations.Operation, *, status: int = 200) -> Answer | Refusal:
    reply = operation(call, {**call.query, **(call.body or {}), **call.path})
    return reply if isinstance(reply, Refusal) else Answer(status, reply)
