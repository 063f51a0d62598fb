"""
Searching for users: which ones a list has, in which order, and how many of them.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5. A missing value is neither equal nor unequal, as in SQL:
    ``internal/query/user.go``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from watchword.domain.rule import OBSERVED, returns_argument, rule
from watchword.systems.zitadel import user_errors
from watchword.systems.zitadel.records import User, UserKind, UserState
from watchword.systems.zitadel.settings import Profile
from watchword.systems.zitadel.user_messages import TEXT_METHODS

_SOURCE = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_DEEPEST = 20
Query = Mapping[str, Any]
Condition = Callable[[User], bool | None]
"""Whether a user fits; None if the value that would decide is missing."""
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda value, wanted: value == wanted,
    "STARTS_WITH": str.startswith,
    "CONTAINS": lambda value, wanted: wanted in value,
    "ENDS_WITH": str.endswith,
}
_STATES: Mapping[UserState, str] = {
    UserState.ACTIVE: "USER_STATE_ACTIVE",
    UserState.INITIAL: "USER_STATE_INITIAL",
    UserState.LOCKED: "USER_STATE_LOCKED",
    UserState.INACTIVE: "USER_STATE_INACTIVE",
}
_KINDS = {UserKind.HUMAN: "TYPE_HUMAN", UserKind.MACHINE: "TYPE_MACHINE"}
_RANKS = {UserState.ACTIVE: 1, UserState.INACTIVE: 2, UserState.LOCKED: 4, UserState.INITIAL: 6}
"""The numbers of states in the service's tables, by which it sorts."""


def state_name(state: UserState) -> str:
    """Name a state as messages do."""
    return _STATES[state]


def _of_people(read: Callable[[User], str | None]) -> Callable[[User], str | None]:
    """Read a value that machines do not have."""
    return lambda user: read(user) if user.kind is UserKind.HUMAN else None


_TEXTS: Mapping[str, tuple[str, Callable[[User], str | None]]] = {
    "userNameQuery": ("userName", lambda user: user.login_name),
    "loginNameQuery": ("loginName", lambda user: user.login_name),
    "firstNameQuery": ("firstName", _of_people(lambda user: user.given_name)),
    "lastNameQuery": ("lastName", _of_people(lambda user: user.family_name)),
    "nickNameQuery": ("nickName", _of_people(lambda _user: "")),
    "displayNameQuery": ("displayName", _of_people(lambda user: user.display_name)),
    "emailQuery": ("emailAddress", lambda user: user.email),
    "phoneQuery": ("number", lambda user: user.phone),
    "organizationIdQuery": ("organizationId", lambda user: user.organisation),
}
"""The field of each query for a text, and what it is compared with."""
_COLUMNS: Mapping[str, Callable[[User], Any]] = {
    "USER_FIELD_NAME_USER_NAME": lambda user: user.login_name,
    "USER_FIELD_NAME_FIRST_NAME": _of_people(lambda user: user.given_name.lower()),
    "USER_FIELD_NAME_LAST_NAME": _of_people(lambda user: user.family_name.lower()),
    "USER_FIELD_NAME_NICK_NAME": _of_people(lambda _user: ""),
    "USER_FIELD_NAME_DISPLAY_NAME": _of_people(lambda user: user.display_name.lower()),
    "USER_FIELD_NAME_EMAIL": lambda user: user.email and user.email.lower(),
    "USER_FIELD_NAME_STATE": lambda user: _RANKS[user.state],
    "USER_FIELD_NAME_TYPE": lambda user: list(UserKind).index(user.kind),
    "USER_FIELD_NAME_CREATION_DATE": lambda user: user.created_at,
}


@rule(
    "zitadel.users.query",
    OBSERVED,
    _SOURCE,
    without=returns_argument("users"),
    compares=lambda users, queries, profile: {
        "users": len(users),
        "queries": [kind for query in queries for kind in query],
        "profile": profile,
    },
)
def find_users(users: Sequence[User], queries: Sequence[Query], profile: Profile) -> Sequence[User]:
    """
    A list has the users who fit every query; texts are compared literally, and with regard to case unless the method
    says otherwise.

    Raises:
        NestedTooDeeply: More than twenty levels of queries.
        SearchFailed: A list of ids or addresses, or of queries to connect, is empty.
        NothingToNegate: ``notQuery`` has no query.
    """
    conditions = [_condition(query, profile, 0) for query in queries]
    return [user for user in users if all(condition(user) for condition in conditions)]


def _condition(query: Query, profile: Profile, level: int) -> Condition:
    """Turn a query, which has one member, into a condition; the levels above it are counted from 0."""
    if level > _DEEPEST:
        raise user_errors.NestedTooDeeply
    kind: str = next(iter(query), "")
    given: Query = query.get(kind, {})
    match kind:
        case "orQuery" | "andQuery":
            parts = [_condition(one, profile, level + 1) for one in given.get("queries", ())]
            if not parts:
                raise _search_failure("missing column", profile)
            return _connect(parts, any_is_enough=kind == "orQuery")
        case "notQuery":
            if "query" not in given:
                raise user_errors.NothingToNegate
            part = _condition(given["query"], profile, level + 1)
            return lambda user: None if (fits := part(user)) is None else not fits
        case "inUserIdsQuery":
            return _one_of(given.get("userIds", ()), lambda user: user.id, profile)
        case "inUserEmailsQuery":
            return _one_of(given.get("userEmails", ()), lambda user: user.email, profile)
        case "stateQuery":
            wanted = given.get("state", "USER_STATE_UNSPECIFIED")
            known = wanted != "USER_STATE_INITIAL" or profile.finds_initial_users
            return lambda user: known and _STATES[user.state] == wanted
        case "typeQuery":
            return lambda user: _KINDS[user.kind] == given.get("type")
    if kind not in _TEXTS:
        return lambda _user: True
    field, read = _TEXTS[kind]
    method = given.get("method")
    return _compare_text(read, given.get(field, ""), method if method in TEXT_METHODS else TEXT_METHODS[0])


def _search_failure(text: str, profile: Profile) -> user_errors.SearchFailed:
    return user_errors.SearchFailed(f"{profile.unknown_error_prefix}{text}")


def _connect(parts: Sequence[Condition], *, any_is_enough: bool) -> Condition:
    """Connect conditions by OR or by AND, with SQL's three truth values."""

    def connected(user: User) -> bool | None:
        found = [part(user) for part in parts]
        if any_is_enough in found:
            return any_is_enough
        return None if None in found else not any_is_enough

    return connected


def _one_of(values: Sequence[str], read: Callable[[User], str | None], profile: Profile) -> Condition:
    if not values:
        raise _search_failure("values array must not be empty", profile)
    wanted = frozenset(values)
    return lambda user: None if (value := read(user)) is None else value in wanted


def _compare_text(read: Callable[[User], str | None], wanted: str, method: str) -> Condition:
    name = method.removeprefix("TEXT_QUERY_METHOD_")
    compare = _COMPARISONS[name.removesuffix("_IGNORE_CASE")]
    if not name.endswith("_IGNORE_CASE"):
        return lambda user: None if (value := read(user)) is None else compare(value, wanted)
    lower = wanted.lower()
    return lambda user: None if (value := read(user)) is None else compare(value.lower(), lower)


@rule(
    "zitadel.users.page",
    OBSERVED,
    _SOURCE,
    without=returns_argument("users"),
    compares=lambda users, column, ascending, offset, limit: {
        "users": len(users),
        "column": column,
        "ascending": ascending,
        "offset": offset,
        "limit": limit,
    },
)
def cut_page(users: Sequence[User], *, column: str, ascending: bool, offset: int, limit: int) -> Sequence[User]:
    """
    A list is sorted by the column of the request, or else by the id; descending, unless the request says otherwise;
    then *offset* users are left out, and *limit* users stay.

    Args:
        limit: 0 for no limit.
    """
    by_id = sorted(users, key=lambda user: user.id)
    read = _COLUMNS.get(column)
    if read is None:
        ordered = by_id if ascending else by_id[::-1]
    else:
        # Users without the value are the greatest, as in PostgreSQL; equal ones stay in the order of their ids.
        given = [user for user in by_id if read(user) is not None]
        missing = [user for user in by_id if read(user) is None]
        given.sort(key=read, reverse=not ascending)
        ordered = [*given, *missing] if ascending else [*missing, *given]
    return ordered[offset : offset + limit if limit else None]
