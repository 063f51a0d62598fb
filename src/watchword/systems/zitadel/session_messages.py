"""
The requests of the session service.

Source:
    ``zitadel/session/v2`` and ``zitadel/session/v2beta``: fields, oneofs and ``validate.rules``, in the order of
    their numbers; recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from collections.abc import Mapping
from typing import Any

from watchword.systems.zitadel.messages import Field, Kind, Message
from watchword.systems.zitadel.records import UserAgent
from watchword.systems.zitadel.session_queries import BY_CREATION, COMPARISONS
from watchword.systems.zitadel.settings import Profile

_SESSION_ID = Field("sessionId", max_length=200)
_TOKEN = Field("sessionToken")
_LIFETIME = Field("lifetime", Kind.DURATION, positive=True)
_METADATA = Field("metadata", Kind.BYTES, mapped=True)


def _message(name: str, *fields: Field, required_oneofs: tuple[str, ...] = (), version: str = "v2") -> Message:
    return Message(f"zitadel.session.{version}.{name}", fields, required_oneofs)


def _part(name: str, message: Message, *, oneof: str | None = None) -> Field:
    return Field(name, Kind.MESSAGE, message=message, oneof=oneof)


def _checks(version: str, *, needs_user: bool) -> Field:
    """Describe checks; in v4.6 a user must be named if one is checked, before that a rule refuses it."""
    user = _message(
        "CheckUser",
        Field("userId", max_length=200, oneof="search"),
        Field("loginName", max_length=200, oneof="search"),
        required_oneofs=("search",) if needs_user else (),
        version=version,
    )
    intent = (Field("idpIntentId", max_length=200), Field("idpIntentToken", max_length=200))
    return _part(
        "checks",
        _message(
            "Checks",
            _part("user", user),
            _part("password", _message("CheckPassword", Field("password", max_length=200), version=version)),
            _part("idpIntent", _message("CheckIDPIntent", *intent, version=version)),
            _part("totp", _message("CheckTOTP", Field("code", min_length=6, max_length=6), version=version)),
            version=version,
        ),
    )


def _user_agent(version: str) -> Field:
    values = _message("HeaderValues", Field("values", repeated=True), version=version)
    told = (Field("fingerprintId"), Field("ip"), Field("description"))
    header = Field("header", Kind.MESSAGE, message=values, mapped=True)
    return _part("userAgent", _message("UserAgent", *told, header, version=version))


def _searches(version: str, *, since_v4: bool) -> Message:
    """Describe a query; an unknown kind is no query, which is not valid."""
    method = Field("method", Kind.ENUM, values=tuple(COMPARISONS), defined_only=True)
    kinds = {
        "idsQuery": _message("IDsQuery", Field("ids", repeated=True), version=version),
        "userIdQuery": _message("UserIDQuery", Field("id", max_length=200), version=version),
        "creationDateQuery": _message(
            "CreationDateQuery", Field("creationDate", Kind.TIMESTAMP), method, version=version
        ),
    }
    if since_v4:
        own = Field("id", max_length=200, optional=True)
        agent = Field("fingerprintId", max_length=200, optional=True)
        expiration = (Field("expirationDate", Kind.TIMESTAMP), method)
        kinds["creatorQuery"] = _message("CreatorQuery", own, version=version)
        kinds["userAgentQuery"] = _message("UserAgentQuery", agent, version=version)
        kinds["expirationDateQuery"] = _message("ExpirationDateQuery", *expiration, version=version)
    members = [_part(name, message, oneof="query") for name, message in kinds.items()]
    return _message("SearchQuery", *members, required_oneofs=("query",), version=version)


def _create(version: str, *, needs_user: bool) -> Message:
    challenges = _part("challenges", _message("RequestChallenges", version=version))
    fields = (_checks(version, needs_user=needs_user), _METADATA, challenges, _user_agent(version), _LIFETIME)
    return _message("CreateSessionRequest", *fields, version=version)


def _set(version: str, *, needs_user: bool) -> Message:
    challenges = _part("challenges", _message("RequestChallenges", version=version))
    fields = (_SESSION_ID, _TOKEN, _checks(version, needs_user=needs_user), _METADATA, challenges, _LIFETIME)
    return _message("SetSessionRequest", *fields, version=version)


def _get(version: str, *, strict: bool) -> Message:
    token = Field("sessionToken", max_length=200, optional=True) if strict else _TOKEN
    return _message("GetSessionRequest", _SESSION_ID if strict else Field("sessionId"), token, version=version)


def _list(version: str, *, since_v4: bool) -> Message:
    page = (Field("offset", Kind.UINT64), Field("limit", Kind.UINT32), Field("asc", Kind.BOOL))
    query = _part("query", Message(f"zitadel.object.{version}.ListQuery", page))
    search = _searches(version, since_v4=since_v4)
    queries = Field("queries", Kind.MESSAGE, message=search, repeated=True)
    column = Field("sortingColumn", Kind.ENUM, values=("SESSION_FIELD_NAME_UNSPECIFIED", BY_CREATION))
    return _message("ListSessionsRequest", query, queries, column, version=version)


_CREATE, _CREATE_V4_6 = (_create("v2", needs_user=strict) for strict in (False, True))
_SET, _SET_V4_6 = (_set("v2", needs_user=strict) for strict in (False, True))
_GET, _GET_V4_6 = (_get("v2", strict=strict) for strict in (False, True))
_LIST, _LIST_V4 = (_list("v2", since_v4=newer) for newer in (False, True))
DELETE_SESSION = _message("DeleteSessionRequest", _SESSION_ID, _TOKEN)


def create_session(profile: Profile) -> Message:
    """Describe what starts a session."""
    return _CREATE_V4_6 if profile is Profile.V4_6 else _CREATE


def set_session(profile: Profile) -> Message:
    """Describe what changes a session."""
    return _SET_V4_6 if profile is Profile.V4_6 else _SET


def get_session(profile: Profile) -> Message:
    """Describe what reads a session."""
    return _GET_V4_6 if profile is Profile.V4_6 else _GET


def list_sessions(profile: Profile) -> Message:
    """Describe what lists sessions."""
    return _LIST_V4 if profile.guards_sessions else _LIST


def read_user_agent(given: Mapping[str, Any] | None) -> UserAgent | None:
    """Read what a request says of the user's program."""
    if given is None:
        return None
    header = tuple((name, tuple(one.get("values", ()))) for name, one in given.get("header", {}).items())
    return UserAgent(given.get("fingerprintId"), given.get("ip"), given.get("description"), header)


def _all(version: str) -> tuple[Message, ...]:
    deletion = _message("DeleteSessionRequest", _SESSION_ID, _TOKEN, version=version)
    lenient = (_create(version, needs_user=False), _set(version, needs_user=False), _get(version, strict=False))
    return (*lenient, deletion, _list(version, since_v4=True))


REQUESTS: Mapping[str, Message] = {one.name: one for version in ("v2", "v2beta") for one in _all(version)}
"""By their full names, as bodies are decoded; what must hold besides depends on the release."""
