"""The operations over REST: the path and the body are one message, and a reply is the body of a success."""

from watchword.domain.refusal import Refusal
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.zitadel import discovery, operations, session_operations, token_endpoint


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
