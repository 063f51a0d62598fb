"""Requests about users and settings that succeed, and the faults to put into them, in the order of the checks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.conftest import People
from tests.systems.zitadel import attempts
from tests.systems.zitadel.attempts import Attempt, Fault
from watchword.systems.zitadel.records import Membership, UserState

Make = Callable[[str, People], Attempt]
UserBase = tuple[str, tuple[str, ...], Make, tuple[Fault, ...]]
"""The arguments of a base: its name, its operations, what makes an attempt, and the faults."""
BOTH = ("", "_v2beta")
SETTINGS = ("login", "password_complexity", "password_expiry", "domain", "lockout")
LONG_ID = Fault("long id", "zitadel.validate.first", "runes, inclusive", attempts.lengthen_id)


def _query(query: dict[str, Any]) -> Callable[[Attempt], None]:
    return lambda attempt: attempt.body["queries"].append(query)


def _search(operation: str, _people: People) -> Attempt:
    return Attempt(operation, {"queries": []})


def _of_a_user(state: UserState) -> Make:
    def make(operation: str, _people: People) -> Attempt:
        attempt = Attempt(operation, {"userId": "0"})
        attempt.target = replace(attempt.target, state=state)
        return attempt

    return make


def _settings(operation: str, _people: People) -> Attempt:
    attempt = Attempt(operation, {"userId": "0"})
    attempt.caller = replace(attempt.caller, memberships=(Membership(("IAM_OWNER",)),))
    return attempt


def _parameters(query: str) -> Callable[[Attempt], None]:
    def apply(attempt: Attempt) -> None:
        attempt.query = f"{attempt.query or '?'}&{query}"

    return apply


UNREADABLE = Fault(
    "bad escape",
    "zitadel.query.mapping",
    "invalid URL escape",
    _parameters("foo=%zz"),
    # Without the rule there are no parameters that could be wrong.
    frozenset({"instance false"}),
)
FALSE_INSTANCE = Fault("instance false", "zitadel.validate.first", "must equal true", _parameters("ctx.instance=false"))


def _no_role(rule: str) -> Fault:
    return Fault("no role", rule, "AUTHZ-cdgFk", attempts.remove_roles)


def _changes(before: tuple[Fault, ...]) -> Iterator[UserBase]:
    for verb, state, wrong, code in (
        ("lock", UserState.ACTIVE, UserState.LOCKED, "COMMAND-lgws8wtsqf"),
        ("unlock", UserState.LOCKED, UserState.ACTIVE, "COMMAND-olb9vb0oca"),
        ("deactivate", UserState.ACTIVE, UserState.INITIAL, "COMMAND-gvx4kct9r2"),
        ("reactivate", UserState.INACTIVE, UserState.ACTIVE, "COMMAND-s5qqcz97hf"),
    ):
        fault = Fault("wrong state", "zitadel.state.change", code, attempts.change_target(state=wrong))
        faults = (*before, LONG_ID, fault, _no_role("zitadel.permission.user_state"))
        yield "with another state", (f"{verb}_user",), _of_a_user(state), faults


def user_bases(before: tuple[Fault, ...]) -> Iterator[UserBase]:
    """List the bases; *before* are the faults that are found before an operation begins."""
    headers = tuple(one for one in before if one.rule in ("zitadel.gateway.timeout", "zitadel.gateway.metadata"))
    caller = tuple(one for one in before if one not in headers and one.rule != "zitadel.json.mapping")
    yield from (
        (
            "with queries",
            tuple(f"list_users{package}" for package in BOTH),
            _search,
            (
                *before,
                Fault("empty query", "zitadel.validate.first", "value is required", _query({})),
                Fault("no ids", "zitadel.users.query", "values array", _query({"inUserIdsQuery": {}})),
            ),
        ),
        *_changes(before),
        (
            "of a user",
            tuple(f"get_user{package}" for package in BOTH),
            _of_a_user(UserState.ACTIVE),
            (*headers, *caller, LONG_ID, _no_role("zitadel.permission.user_read")),
        ),
        (
            "of a user",
            ("delete_user",),
            _of_a_user(UserState.ACTIVE),
            (*headers, *caller, LONG_ID, _no_role("zitadel.permission.user_delete")),
        ),
        (
            "of settings",
            tuple(f"get_{name}_settings{package}" for name in SETTINGS for package in BOTH),
            _settings,
            (*headers, UNREADABLE, *caller, _no_role("zitadel.permission.policy_read"), FALSE_INSTANCE),
        ),
        (
            "of settings",
            tuple(f"get_general_settings{package}" for package in BOTH),
            _settings,
            (*headers, *caller, _no_role("zitadel.permission.policy_read")),
        ),
    )
