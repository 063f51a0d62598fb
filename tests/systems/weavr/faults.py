"""One fault for every check: a change of the request, the user, the settings or the clock that makes it refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from tests.conftest import ManualClock, Response
from tests.systems.weavr.products import GOOD, KEY, MULTI, OPERATIONS, PAYMENT_RUN, PRODUCTS, Weavr, bearer
from watchword.domain.order import CheckOrder
from watchword.sandbox import Sandbox
from watchword.systems import SYSTEMS
from watchword.systems.weavr.records import Identity, User

OTHER = {MULTI: PAYMENT_RUN, PAYMENT_RUN: MULTI}


@dataclass
class Attempt:
    """
    A request that succeeds until a fault is added, and the sandbox that it is sent to.

    Args:
        role: Of the seed person whom it is about.
    """

    weavr: Weavr
    sandbox: Sandbox
    clock: ManualClock
    operation: str
    role: str
    body: dict[str, Any] | None = None
    headers: dict[str, str | None] = field(default_factory=dict)

    def set(self, **programme: Any) -> None:
        """Change the settings of all programmes."""
        self.weavr.settings.patch(self.weavr.product.name, {"programme": programme})

    def deactivate(self) -> None:
        """Deactivate the user."""
        self.weavr.settings.patch(self.weavr.product.name, {"deactivated": [self.weavr.person(self.role).id]})

    def change_user(self, role: str | None = None, **fields: Any) -> None:
        """Change what is stored of a user."""
        tx = self.sandbox.store.transaction()
        user = tx.get(User, self.weavr.person(role or self.role).id)
        assert user is not None
        tx.put(replace(user, **fields))
        assert tx.commit()

    def remove_identity(self) -> None:
        """Remove the identity of the user."""
        tx = self.sandbox.store.transaction()
        tx.delete(Identity, self.weavr.person(self.role).id)
        assert tx.commit()

    def move_user(self) -> None:
        """Move the user into another programme."""
        neighbour = self.sandbox.store.transaction().get(User, self.weavr.person("neighbour").id)
        assert neighbour is not None
        self.change_user(programme_id=neighbour.programme_id)


Prepare = Callable[[str], Attempt]
"""Prepares a request of an operation."""


def attempt(weavr: Weavr, sandbox: Sandbox, clock: ManualClock, operation: str) -> Attempt:
    """Prepare a request of *operation* that succeeds."""
    role = "newcomer" if operation == "create_password" else "member"
    made = Attempt(weavr, sandbox, clock, operation, role)
    login = weavr.person(role).login
    match operation:
        case "create_password" | "validate_password":
            made.body = {"password": {"value": GOOD}}
        case "update_password":
            made.body = {"oldPassword": {"value": weavr.password(role)}, "newPassword": {"value": GOOD}}
        case "start_lost_password":
            made.body = {"email": login}
        case "resume_lost_password":
            assert weavr.start().status == 204
            made.body = {"email": login, "nonce": "123456", "newPassword": {"value": GOOD}}
        case "login_with_password":
            made.body = {"email": login, "password": {"value": weavr.password(role)}}
    if operation in ("update_password", "logout"):
        made.headers |= bearer(weavr.log_in().body["token"])
    return made


@dataclass(frozen=True)
class Fault:
    """
    What makes one check refuse, and how to recognise its refusal.

    Args:
        status: Of the answer.
        words: In the answer's body or hint, and in no other refusal with this status.
        prepare: Calls that have to succeed, so they come before *apply*.
        apply: Adds the fault.
    """

    status: int
    words: str
    apply: Callable[[Attempt], None] = lambda _attempt: None
    prepare: Callable[[Attempt], None] = lambda _attempt: None


def _key(value: str | None) -> Callable[[Attempt], None]:
    return lambda one: one.headers.update({KEY: value})


def _use_key_of_the_other_product(one: Attempt) -> None:
    product = OTHER[one.weavr.product]
    one.headers[KEY] = one.weavr.people[product.name, product.roles["member"]].headers[KEY]


def _field(name: str, value: str) -> Callable[[Attempt], None]:
    def change(one: Attempt) -> None:
        assert one.body is not None
        one.body[name] = {"value": value} if name.lower().endswith("password") else value

    return change


def _set(**programme: Any) -> Callable[[Attempt], None]:
    return lambda one: one.set(**programme)


def _use_a_token_of_an_expired_password(one: Attempt) -> None:
    one.set(root_profile={"expires_after": "P1D"})
    refused = one.weavr.log_in()
    assert refused.status == 409
    one.headers |= bearer(refused.body["token"])
    one.set(root_profile={"expires_after": None})


def _use_a_former_password(one: Attempt) -> None:
    _field("newPassword", "Harbour-6-lamp")(one)


def _give_another_user_the_address(one: Attempt) -> None:
    one.change_user("colleague", email=one.weavr.person(one.role).login)


def _enter_wrong_passwords(one: Attempt) -> None:
    assert [one.weavr.log_in("Wrong-99-wrong").status for _ in range(5)] == [403] * 5


FAULTS: Mapping[str, Fault] = {
    "weavr.key.required": Fault(400, "api-key is required", _key(None)),
    "weavr.key.known": Fault(401, "not the key of any programme", _use_key_of_the_other_product),
    "weavr.session.known": Fault(
        401, "unknown, expired or logged out", lambda one: one.clock.advance(timedelta(minutes=5))
    ),
    "weavr.programme.suspended": Fault(403, "programme is suspended", _set(suspended=True)),
    "weavr.session.programme": Fault(403, "user of another programme", Attempt.move_user),
    "weavr.session.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.session.temporary": Fault(403, "this token can only update", prepare=_use_a_token_of_an_expired_password),
    "weavr.token.resolved": Fault(400, "accepts passwords as tokens only", _set(tokenised=True)),
    "weavr.create.user": Fault(404, "no user with this user_id", Attempt.move_user),
    "weavr.create.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.create.identity": Fault(409, "identity of the user cannot be found", Attempt.remove_identity),
    "weavr.create.once": Fault(
        409, "PASSWORD_ALREADY_CREATED", prepare=lambda one: _expect(200, one.weavr.create("Lantern-41-amber"))
    ),
    "weavr.create.login-key": Fault(409, "PASSWORD_KEY_ALREADY_IN_USE", _give_another_user_the_address),
    "weavr.profile.any": Fault(
        409, "no password profile at all", _set(root_profile={"configured": False}, user_profile={"configured": False})
    ),
    "weavr.profile.type": Fault(
        409,
        "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE",
        _set(root_profile={"configured": False}),
    ),
    "weavr.password.length": Fault(409, "PASSWORD_TOO_SHORT", _set(root_profile={"minimum": 40, "maximum": 50})),
    "weavr.password.complexity": Fault(409, "PASSWORD_TOO_SIMPLE", _set(special_characters="!")),
    "weavr.password.history": Fault(409, "PASSWORD_ALREADY_USED", _use_a_former_password),
    "weavr.update.old-password": Fault(409, "PASSWORD_INCORRECT", _field("oldPassword", "Wrong-99-wrong")),
    "weavr.lost.account": Fault(409, "ACCOUNT_NOT_FOUND", Attempt.deactivate),
    "weavr.lost.multiple": Fault(409, "MULTIPLE_ACCOUNTS_FOUND", _give_another_user_the_address),
    "weavr_multi.lost.identity": Fault(404, "identity of this account cannot be found", Attempt.remove_identity),
    "weavr.nonce.redeemed": Fault(409, "INVALID_NONCE_OR_EMAIL", _field("nonce", "654321")),
    "weavr.lost.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.lost.not-set": Fault(409, "PASSWORD_NOT_SET", lambda one: one.change_user(password=None)),
    "weavr.login.locked": Fault(423, "locked for a while", prepare=_enter_wrong_passwords),
    "weavr.login.refused": Fault(403, "password is wrong", _field("password", "Wrong-99-wrong")),
    "weavr.login.expired": Fault(409, '{"token":', _set(root_profile={"expires_after": "P1D"})),
}

EXCLUSIVE: Mapping[frozenset[str], str] = {
    frozenset({"weavr.key.required", "weavr.key.known"}): "A key that is missing is not an unknown one.",
    frozenset({"weavr.lost.account", "weavr.lost.multiple"}): "There are not several accounts if there is none.",
    frozenset({"weavr.lost.not-set", "weavr.password.history"}): "Without a password there is no history.",
}
"""Pairs of checks that cannot refuse the same request, and why."""


def send(one: Attempt, *rules: str) -> Response:
    """Send a request with the faults for *rules*."""
    faults = [FAULTS[rule] for rule in rules]
    for fault in faults:
        fault.prepare(one)
    for fault in faults:
        fault.apply(one)
    more = {"user_id": one.weavr.person(one.role).id} if one.operation == "create_password" else {}
    return one.weavr.call(one.operation, one.body, of=one.role, headers=one.headers, **more)


def _expect(status: int, response: Response) -> None:
    assert response.status == status


ORDERS = {
    (product, order.operation): order
    for product in PRODUCTS
    for system in SYSTEMS
    if system.name == product.name
    for order in system.orders
}
"""The order of checks of every operation, by product."""


def rules_of(order: CheckOrder) -> list[str]:
    """List the rules of *order*, first to last."""
    return [step.rule for step in order.steps]


SINGLES = [
    pytest.param(product, operation, rule, id=f"{product}-{operation}-{rule}")
    for (product, operation), order in ORDERS.items()
    if operation in OPERATIONS
    for rule in rules_of(order)
]
"""A check of an operation."""
PAIRS = [
    pytest.param(product, operation, *pair, id=f"{product}-{operation}-{pair[0]}-{pair[1]}")
    for (product, operation), order in ORDERS.items()
    if operation in OPERATIONS
    for pair in combinations(rules_of(order), 2)
    if frozenset(pair) not in EXCLUSIVE
]
"""Two checks of one operation, the earlier one first."""
