"""The operations over REST: the path and the body are one message, and a reply is the body of a success."""

from watchword.domain.refusal import Refusal
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.zitadel import oidc, operations


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


def openid_configuration(call: Call) -> Answer:
    """Say where tokens are issued."""
    return Answer(200, oidc.describe_issuer(call.root_url))


def token(call: Call) -> Answer:
    """Issue a token."""
    return Answer(200, operations.issue_token(call, call.body))


def _answer(call: Call, operation: operations.Operation, *, status: int = 200) -> Answer | Refusal:
    reply = operation(call, {**call.body, **call.path})
    return reply if isinstance(reply, Refusal) else Answer(status, reply)
