"""One fault for every check: a change of the request, the user, the settings or the clock that makes it refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from tests.conftest import ManualClock, Response
from tests.outcomes import orders
from tests.systems.weavr.products import (
    GOOD,
    KEY,
    MANAGING,
    MULTI,
    OPERATIONS,
    PAYMENT_RUN,
    PRODUCTS,
    WITH_TOKEN,
    Product,
    Weavr,
    bearer,
)
from watchword.domain.order import CheckOrder
from watchword.sandbox import Sandbox
from watchword.systems import SYSTEMS
from watchword.systems.weavr.records import CredentialType, Identity, User

OTHER = {MULTI: PAYMENT_RUN, PAYMENT_RUN: MULTI}


@dataclass
class Attempt:
    """
    A request that succeeds until a fault is added, and the sandbox that it is sent to.

    Args:
        role: Of the seed person whom it is about.
        by: The role of the person who sends it, often the same.
        user_id: In the path; None if the path has none.
    """

    weavr: Weavr
    sandbox: Sandbox
    clock: ManualClock
    operation: str
    role: str
    by: str
    body: dict[str, Any] | None = None
    headers: dict[str, str | None] = field(default_factory=dict)
    user_id: str | None = None

    def set(self, **programme: Any) -> None:
        """Change the settings of all programmes."""
        self.weavr.settings.patch(self.weavr.product.name, {"programme": programme})

    @property
    def profile(self) -> str:
        """The setting of the profile for the user's password."""
        return "user_profile" if self.operation == "consume_invite" else "root_profile"

    def deactivate(self) -> None:
        """Deactivate the user."""
        self._deactivate(self.role)

    def deactivate_caller(self) -> None:
        """Deactivate the caller."""
        self._deactivate(self.by)

    def _deactivate(self, role: str) -> None:
        self.weavr.settings.patch(self.weavr.product.name, {"deactivated": [self.weavr.person(role).id]})

    def change_user(self, role: str | None = None, **fields: Any) -> None:
        """Change what is stored of a user."""
        tx = self.sandbox.store.transaction()
        user = tx.get(User, self.weavr.person(role or self.role).id)
        assert user is not None
        tx.put(replace(user, **fields))
        assert tx.commit()

    def user(self, role: str) -> User:
        """Read what is stored of a user."""
        user = self.sandbox.store.transaction().get(User, self.weavr.person(role).id)
        assert user is not None
        return user

    def remove_identity(self) -> None:
        """Remove the identity of the user."""
        identity = self.user(self.role).identity_id
        tx = self.sandbox.store.transaction()
        tx.delete(Identity, identity)
        assert tx.commit()

    def move_user(self) -> None:
        """Move the user into another programme."""
        self.change_user(programme_id=self.user("neighbour").programme_id)

    def move_caller(self) -> None:
        """Move the caller into another programme."""
        self.change_user(self.by, programme_id=self.user("neighbour").programme_id)


Prepare = Callable[[str], Attempt]
"""Prepares a request of an operation."""


ROLES = {
    "create_password": "newcomer",
    "list_users": "head",
    "get_user": "invited",
    "invite_user": "uninvited",
    "validate_invite": "invited",
    "consume_invite": "invited",
}
"""Whom an operation is about, if not the member."""


def attempt(weavr: Weavr, sandbox: Sandbox, clock: ManualClock, operation: str) -> Attempt:
    """Prepare a request of *operation* that succeeds."""
    role = ROLES.get(operation, "member")
    by = "head" if operation in MANAGING else role
    made = Attempt(weavr, sandbox, clock, operation, role, by)
    if operation in ROLES and operation != "list_users":
        made.user_id = weavr.person(role).id
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
        case "validate_invite":
            made.body = {"inviteCode": "123456"}
        case "consume_invite":
            made.body = {"inviteCode": "123456", "password": {"value": GOOD}}
    if operation in WITH_TOKEN:
        made.headers |= bearer(weavr.log_in(of=by).body["token"])
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
    refused = one.weavr.log_in(of=one.by)
    assert refused.status == 409
    one.headers |= bearer(refused.body["token"])
    one.set(root_profile={"expires_after": None})


def _use_a_former_password(one: Attempt) -> None:
    _field("newPassword", "Harbour-6-lamp")(one)


def _give_another_user_the_address(one: Attempt) -> None:
    one.change_user("colleague", email=one.weavr.person(one.role).login)


def _enter_wrong_passwords(one: Attempt) -> None:
    assert [one.weavr.log_in("Wrong-99-wrong").status for _ in range(5)] == [403] * 5


def _name_nobody(one: Attempt) -> None:
    one.user_id = "42"


def _use_a_reference_again(one: Attempt) -> None:
    _expect(204, one.weavr.invite(of="late", headers={"idempotency-ref": "again"}))
    one.headers["idempotency-ref"] = "again"


FAULTS: Mapping[str, Fault] = {
    "weavr.key.required": Fault(400, "api-key is required", _key(None)),
    "weavr.key.known": Fault(401, "not the key of any programme", _use_key_of_the_other_product),
    "weavr.session.known": Fault(
        401, "unknown, expired or logged out", lambda one: one.clock.advance(timedelta(minutes=5))
    ),
    "weavr.programme.suspended": Fault(403, "programme is suspended", _set(suspended=True)),
    "weavr.session.programme": Fault(403, "user of another programme", Attempt.move_caller),
    "weavr.session.inactive": Fault(403, "user is inactive", Attempt.deactivate_caller),
    "weavr.session.temporary": Fault(403, "this token can only update", prepare=_use_a_token_of_an_expired_password),
    "weavr.token.resolved": Fault(400, "accepts passwords as tokens only", _set(tokenised=True)),
    "weavr.create.user": Fault(404, "no user with this user_id", Attempt.move_user),
    "weavr.create.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.create.identity": Fault(409, "identity of the user cannot be found", Attempt.remove_identity),
    "weavr.create.once": Fault(
        409, "PASSWORD_ALREADY_CREATED", lambda one: one.change_user(password=one.user("head").password)
    ),
    "weavr.create.login-key": Fault(409, "PASSWORD_KEY_ALREADY_IN_USE", _give_another_user_the_address),
    "weavr.profile.any": Fault(
        409, "no password profile at all", _set(root_profile={"configured": False}, user_profile={"configured": False})
    ),
    "weavr.profile.type": Fault(
        409,
        "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE",
        lambda one: one.set(**{one.profile: {"configured": False}}),
    ),
    "weavr.password.length": Fault(
        409, "PASSWORD_TOO_SHORT", lambda one: one.set(**{one.profile: {"minimum": 40, "maximum": 50}})
    ),
    "weavr.password.complexity": Fault(409, "PASSWORD_TOO_SIMPLE", _set(special_characters="!")),
    "weavr.password.history": Fault(409, "PASSWORD_ALREADY_USED", _use_a_former_password),
    "weavr.update.old-password": Fault(409, "PASSWORD_INCORRECT", _field("oldPassword", "Wrong-99-wrong")),
    "weavr.lost.account": Fault(409, "ACCOUNT_NOT_FOUND", Attempt.deactivate),
    "weavr.lost.multiple": Fault(409, "MULTIPLE_ACCOUNTS_FOUND", _give_another_user_the_address),
    "weavr_multi.lost.identity": Fault(404, "identity of this account cannot be found", Attempt.remove_identity),
    "weavr.nonce.redeemed": Fault(409, "INVALID_NONCE_OR_EMAIL", _field("nonce", "654321")),
    "weavr.lost.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.lost.not-set": Fault(409, "PASSWORD_NOT_SET", lambda one: one.change_user(password=None)),
    "weavr.users.found": Fault(404, "no user with this user_id", _name_nobody),
    "weavr.users.identity": Fault(
        403,
        "another identity than the caller",
        lambda one: one.change_user(identity_id=one.user("other-head").identity_id),
    ),
    "weavr.invite.consumed": Fault(
        409, "INVITE_ALREADY_CONSUMED", lambda one: one.change_user(password=one.user("head").password)
    ),
    "weavr.invite.user": Fault(409, "no user with this user_id", _name_nobody),
    "weavr.invite.programme": Fault(403, "another programme than the api-key", Attempt.move_user),
    "weavr.invite.inactive": Fault(403, "user is inactive", Attempt.deactivate),
    "weavr.invite.root": Fault(
        409, "root user of an identity", lambda one: one.change_user(credential=CredentialType.ROOT)
    ),
    "weavr.invite.redeemed": Fault(409, "wrong, used or expired", _field("inviteCode", "654321")),
    "weavr_payment_run.users.administrator": Fault(
        403, "Only the administrator", lambda one: one.change_user(one.by, credential=CredentialType.USER)
    ),
    "weavr_payment_run.idempotency.payload": Fault(422, "sent with another request", prepare=_use_a_reference_again),
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
    more = {} if one.user_id is None else {"user_id": one.user_id}
    return one.weavr.call(one.operation, one.body, of=one.by, headers=one.headers, **more)


def status_of(product: Product, operation: str, rule: str) -> int:
    """Give the status of the answer to the fault for *rule*."""
    if (product, rule) == (PAYMENT_RUN, "weavr.session.programme") and operation in MANAGING:
        return 401
    return FAULTS[rule].status


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
    pytest.param(product, operation, *pair, id=f"{product}-{operation}-{pair[0]}-{pair[1]}", marks=orders(*pair))
    for (product, operation), order in ORDERS.items()
    if operation in OPERATIONS
    for pair in combinations(rules_of(order), 2)
    if frozenset(pair) not in EXCLUSIVE
]
"""Two checks of one operation, the earlier one first."""
