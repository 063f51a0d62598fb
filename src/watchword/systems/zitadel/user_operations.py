"""The operations that read users or change their state, for every protocol: load, ask the rules, save."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from watchword.domain.rule import OBSERVED, returns_argument, rule
from watchword.system import Call
from watchword.systems.zitadel import states, user_messages
from watchword.systems.zitadel.context import caller_of, details_of, settings_of, timestamp
from watchword.systems.zitadel.events import note_state
from watchword.systems.zitadel.messages import Message
from watchword.systems.zitadel.permissions import (
    leave_visible,
    require_delete,
    require_state_write,
    require_user_read,
)
from watchword.systems.zitadel.records import ClientSecret, User, UserKind
from watchword.systems.zitadel.states import Transition
from watchword.systems.zitadel.user_queries import Query, cut_page, find_users
from watchword.systems.zitadel.user_views import details_of_user, show_user
from watchword.systems.zitadel.validation import validate

Request = Mapping[str, Any]
Reply = Mapping[str, Any]
_V2, _V2BETA = "zitadel.user.v2", "zitadel.user.v2beta"


def list_users(call: Call, request: Request) -> Reply:
    """
    List users.

    Raises:
        ZitadelRefusal: The request is not valid, or the search cannot be done.
    """
    profile = settings_of(call).zitadel_profile
    queries = request.get("queries", [])
    if not profile.searches_phones:
        queries = without_phone_queries(queries)
    return _list(call, {**request, "queries": queries}, user_messages.LIST_USERS, with_creation=profile.shows_creation)


def list_users_v2beta(call: Call, request: Request) -> Reply:
    """
    List users; the older package.

    Raises:
        ZitadelRefusal: The request is not valid, or the search cannot be done.
    """
    return _list(call, request, user_messages.LIST_USERS_V2BETA, with_creation=False)


def get_user(call: Call, request: Request) -> Reply:
    """
    Read a user.

    Raises:
        ZitadelRefusal: The id is not valid or unknown, or the caller may not see the user.
    """
    return _get(call, request, _V2, with_creation=settings_of(call).zitadel_profile.shows_creation)


def get_user_v2beta(call: Call, request: Request) -> Reply:
    """
    Read a user; the older package.

    Raises:
        ZitadelRefusal: The id is not valid or unknown, or the caller may not see the user.
    """
    return _get(call, request, _V2BETA, with_creation=False)


def delete_user(call: Call, request: Request) -> Reply:
    """
    Delete a user.

    Raises:
        ZitadelRefusal: The id is not valid or unknown, or the caller may not.
    """
    validate(user_messages.REQUESTS[f"{_V2}.DeleteUserRequest"], request)
    found = call.tx.get(User, request["userId"])
    user = require_delete(caller_of(call), found, settings_of(call).zitadel_profile)
    call.tx.delete(User, user.id)
    return {"details": details_of(user.sequence + 1, call.now, user.organisation)}


def _change(transition: Transition, name: str) -> Callable[[Call, Request], Reply]:
    message = user_messages.REQUESTS[f"{_V2}.{name}Request"]

    def change(call: Call, request: Request) -> Reply:
        validate(message, request)
        user = states.require_state(call.tx.get(User, request["userId"]), transition)
        require_state_write(caller_of(call), user)
        changed = note_state(user, states.change_state(user, transition), now=call.now)
        call.tx.put(changed)
        return {"details": details_of(changed.sequence, call.now, changed.organisation)}

    return change


lock_user = _change(Transition.LOCK, "LockUser")
unlock_user = _change(Transition.UNLOCK, "UnlockUser")
deactivate_user = _change(Transition.DEACTIVATE, "DeactivateUser")
reactivate_user = _change(Transition.REACTIVATE, "ReactivateUser")


@rule(
    "zitadel.users.phone",
    OBSERVED,
    "recorded answers of v2.65.3",
    without=returns_argument("queries"),
    compares=lambda queries: {"queries": [kind for query in queries for kind in query]},
)
def without_phone_queries(queries: Sequence[Query]) -> Sequence[Query]:
    """In v2.65 ``phoneQuery`` is an unknown field, wherever it stands, and ignored."""
    return [_without_phone_query(query) for query in queries]


def _without_phone_query(query: Query) -> Query:
    cleaned: dict[str, Any] = {}
    for kind, given in query.items():
        match kind:
            case "phoneQuery":
                continue
            case "orQuery" | "andQuery":
                parts = [_without_phone_query(one) for one in given.get("queries", ())]
                cleaned[kind] = {**given, "queries": parts}
            case "notQuery" if "query" in given:
                cleaned[kind] = {"query": _without_phone_query(given["query"])}
            case _:
                cleaned[kind] = given
    return cleaned


def _list(call: Call, request: Request, message: Message, *, with_creation: bool) -> Reply:
    validate(message, request)
    page = request.get("query", {})
    found = find_users(call.tx.find(User), request.get("queries", ()), settings_of(call).zitadel_profile)
    cut = cut_page(
        found,
        column=request.get("sortingColumn", user_messages.SORTING_COLUMNS[0]),
        ascending=page.get("asc", False),
        offset=int(page.get("offset", 0)),
        limit=int(page.get("limit", 0)),
    )
    # The service counts in the rows of the page, so an empty page has no count.
    details = {"totalResult": str(len(found))} if cut else {}
    reply: dict[str, Any] = {"details": {**details, "timestamp": timestamp(call.now)}}
    visible = leave_visible(cut, caller_of(call))
    if visible:
        reply["result"] = [_show(call, user, with_creation=with_creation) for user in visible]
    return reply


def _get(call: Call, request: Request, package: str, *, with_creation: bool) -> Reply:
    validate(user_messages.REQUESTS[f"{package}.GetUserByIDRequest"], request)
    user = require_user_read(caller_of(call), call.tx.get(User, request["userId"]))
    return {
        "details": details_of_user(user, with_creation=with_creation),
        "user": _show(call, user, with_creation=with_creation),
    }


def _show(call: Call, user: User, *, with_creation: bool) -> dict[str, Any]:
    has_secret = user.kind is UserKind.MACHINE and bool(call.tx.find(ClientSecret, user_id=user.id))
    return show_user(user, has_secret=has_secret, with_creation=with_creation)
