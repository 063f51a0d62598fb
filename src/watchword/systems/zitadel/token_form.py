"""
The form of a request for a token: what is asked for, by whom, and for which scopes.

Source:
    Recorded answers of v2.65.3 and v4.6.5. RFC 6749 for the fields; Go's ``net/http`` for what is a form at all.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, unquote_plus

from watchword.document.media_types import FORM, essence
from watchword.domain.rule import OBSERVED, returns, rule
from watchword.domain.secret import Secret
from watchword.systems.zitadel.errors import OAuthRefusal

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SOURCE = "recorded answers of v2.65.3 and v4.6.5"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WORD = re.compile(r"[A-Za-z_-]{0,32}")
"""What may be repeated of an unknown value: a word that probably names something; anything else may be a secret."""


class Grant(StrEnum):
    """The grant types that are served."""

    CLIENT_CREDENTIALS = "client_credentials"
    ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


APPLICATION_GRANTS = (
    "authorization_code",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:device_code",
)
"""Grant types of applications, of which this server has none: their client is never found."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request, in their order: those of the body, then those of the query."""

    pairs: Sequence[tuple[str, Secret]] = ()

    def first(self, name: str) -> str:
        """Return the first value of a field; empty if there is none."""
        return next((value.revealed for one, value in self.pairs if one == name), "")

    def last(self, name: str) -> str:
        """Return the last value of a field; empty if there is none."""
        return next((value.revealed for one, value in reversed(self.pairs) if one == name), "")

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Client:
    """The credentials of a client; the id is empty for a client that sent an assertion."""

    id: str
    secret: Secret


def read_form(*, query: str, content_type: str, body: bytes) -> Form:
    """
    Read the fields of a request.

    Args:
        query: Without the question mark, as sent.
        content_type: A body of another type than a form's is not read.

    Raises:
        OAuthRefusal: A semicolon separates fields, or a percent sign begins no escape.
    """
    in_query = query.encode("latin-1", "replace").decode("utf-8", "replace")
    in_body = body.decode("utf-8", "replace") if essence(content_type) == FORM else ""
    for text in (in_body, in_query):
        if ";" in text or _BAD_ESCAPE.search(text):
            raise OAuthRefusal("invalid_request", "error parsing form")
    pairs = [pair for text in (in_body, in_query) for pair in parse_qsl(text, keep_blank_values=True)]
    return Form([(name, Secret(value)) for name, value in pairs])


def _guess_grant(form: Form) -> Grant:
    """Without the rule a form with an assertion asks for that grant, and every other one for client credentials."""
    return Grant.ASSERTION if "assertion" in form else Grant.CLIENT_CREDENTIALS


@rule(
    "zitadel.token.grant",
    OBSERVED,
    f"{_SOURCE}; RFC 6749, section 5.2",
    without=_guess_grant,
    compares=lambda form: {"named": bool(form.first("grant_type")), "served": list(Grant)},
)
def choose_grant(form: Form) -> Grant | None:
    """
    A token is issued for client credentials and for a signed assertion; the first ``grant_type`` says which.

    Returns:
        None for a grant type of applications.

    Raises:
        OAuthRefusal: The request names none, or one that does not exist.
    """
    kind = form.first("grant_type")
    if not kind:
        raise OAuthRefusal("invalid_request", "grant_type missing", hint="Send a form, or the fields in the query.")
    if kind in APPLICATION_GRANTS:
        return None
    if kind not in set(Grant):
        raise OAuthRefusal("unsupported_grant_type", f"{_shown(kind)} not supported")
    return Grant(kind)


def _read_client_in_form(form: Form, authorization: Secret | None = None) -> Client:  # noqa: ARG001
    """Without the rule only the form is read, and missing fields are empty."""
    return Client(form.last("client_id"), Secret(form.last("client_secret")))


@rule(
    "zitadel.token.client",
    OBSERVED,
    f"{_SOURCE}; RFC 6749, section 2.3.1",
    without=_read_client_in_form,
    compares=lambda form, authorization: {"header": bool(authorization), "form": "client_id" in form},
)
def read_client(form: Form, authorization: Secret | None) -> Client:
    """
    A client sends its id and its secret in the form, or in the header ``Authorization`` (``Basic``), which wins.

    Args:
        authorization: The header: both parts are encoded as in a form. One that cannot be read counts as none.

    Raises:
        OAuthRefusal: There is neither an id nor an assertion; or the header has a percent sign that begins no escape;
            or the type of the assertion is another.
    """
    basic = _read_basic(authorization)
    client = _read_client_in_form(form) if basic is None else basic
    assertion = form.last("client_assertion")
    if not client.id and not assertion:
        raise OAuthRefusal("invalid_request", "client_id or client_assertion must be provided")
    kind = form.last("client_assertion_type")
    if assertion and kind != ASSERTION_TYPE:
        raise OAuthRefusal("invalid_request", f"invalid client_assertion_type {_shown(kind)}")
    return client


def _read_basic(authorization: Secret | None) -> Client | None:
    scheme, _, value = (authorization.revealed if authorization else "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = b64decode(value, validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return None
    if not colon:
        return None
    if _BAD_ESCAPE.search(name) or _BAD_ESCAPE.search(secret):
        raise OAuthRefusal("invalid_client", "invalid basic auth header")
    return Client(unquote_plus(name), Secret(unquote_plus(secret)))


@rule(
    "zitadel.token.scope",
    OBSERVED,
    _SOURCE,
    without=returns(("openid",)),
    compares=lambda form: {"sent": "scope" in form},
)
def read_scopes(form: Form) -> tuple[str, ...]:
    """
    The field ``scope`` is required, and may be empty; of several the last one counts.

    Returns:
        The scopes; unknown ones are ignored.

    Raises:
        OAuthRefusal: There is no such field.
    """
    if "scope" not in form:
        raise OAuthRefusal(
            "invalid_request",
            "The scope of your request is missing. Please ensure some scopes are requested. "
            "If you have any questions, you may contact the administrator of the application.",
        )
    return tuple(form.last("scope").split(" "))


def _shown(value: str) -> str:
    return value if _WORD.fullmatch(value) else "***"
