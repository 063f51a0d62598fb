"""The operations over REST: the path and the body are one message, and a reply is the body of a success."""

from watchword.domain.refusal import Refusal
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.zitadel import oidc, operations, settings_operations, user_operations


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
    return _answer(call, operations.create_session, status=201)


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
    return Answer(200, oidc.describe_issuer(call.root_url))


def token(call: Call) -> Answer:
    """Issue a token."""
    return Answer(200, operations.issue_token(call, call.body))


def _answer(call: Call, operation: operations.Operation, *, status: int = 200) -> Answer | Refusal:
    reply = operation(call, {**(call.body or {}), **call.query, **call.path})
    return reply if isinstance(reply, Refusal) else Answer(status, reply)
