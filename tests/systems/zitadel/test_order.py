"""
The order of the checks: of two faults in one request, the answer names the one that is checked first.

Each pair is sent twice: once with all rules, and once with the rule of the first fault switched off.
The second answer names the second fault, which proves that the request really had both.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest

from tests.conftest import START, Api, People, Response
from tests.systems.zitadel import attempts
from tests.systems.zitadel.attempts import CODE, CURRENT, NEW, Attempt, Fault, TokenAttempt
from tests.systems.zitadel.user_attempts import USER_BASES
from watchword.domain.tokens import digest
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.order import ORDERS

BEFORE_THE_COMMAND = (
    Fault("repeated members", "zitadel.json.mapping", "duplicate field", attempts.repeat_members),
    Fault("expired token", "zitadel.auth.bearer", "AUTH-7fs1e", attempts.expire_token),
    Fault("unknown organisation", "zitadel.auth.organisation", "AUTH-Bs7Ds", attempts.name_unknown_organisation),
    Fault("another origin", "zitadel.auth.origin", "AUTH-DZG21", attempts.call_from_another_origin),
)
LONG_ID = Fault("long id", "zitadel.validate.first", "runes, inclusive", attempts.lengthen_id)
# A missing password is neither equal, nor does it violate the policy, nor is it too long.
PASSWORD_FAULTS = frozenset({"equal", "policy", "too long for bcrypt"})
NO_NEW_PASSWORD = Fault(
    "no new password", "zitadel.new_password.present", "Password is empty", attempts.omit_new_password, PASSWORD_FAULTS
)
# A user has one state.
USER_FAULTS = (
    Fault("machine", "zitadel.user.exists", "COMMAND-G8dh3", attempts.MACHINE),
    Fault("new user", "zitadel.user.initialised", "COMMAND-M9dse", attempts.INITIAL, frozenset({"locked"})),
)
NEW_PASSWORD_FAULTS = (
    Fault("policy", "zitadel.policy.order", "DOMAIN-VoaRj", attempts.violate_policy),
    Fault("too long for bcrypt", "zitadel.hash.limit", "COMMAND-CahN2", attempts.exceed_hash_limit),
)
SET_PASSWORD = (*BEFORE_THE_COMMAND, LONG_ID, NO_NEW_PASSWORD, *USER_FAULTS)


@dataclass(frozen=True)
class Base:
    """
    A request that succeeds.

    Args:
        operations: Those that have it.
        make: Makes the attempt for one of them.
        faults: In the order in which they are checked.
    """

    name: str
    operations: tuple[str, ...]
    make: Callable[[str, People], Attempt | TokenAttempt]
    faults: tuple[Fault, ...]


def _change(**proof: Any) -> Callable[[str, People], Attempt]:
    settings = {"hasher": "bcrypt", "zitadel_profile": proof.pop("profile", "documented")}
    # The id in the path counts, so that in the body may be anything; it is there to be repeated.
    return lambda operation, _people: Attempt(
        operation, {"userId": "0", "newPassword": {"password": NEW}, **proof}, settings=settings
    )


def _reset(operation: str, _people: People) -> Attempt:
    return Attempt(operation, {"userId": "0", "sendLink": {"urlTemplate": "https://me.example/{{.Code}}"}})


def _template(text: str) -> Callable[[Attempt], None]:
    return lambda attempt: attempt.body.update(sendLink={"urlTemplate": text})


def _sign_in(operation: str, _people: People) -> Attempt:
    return Attempt(operation, {"checks": {"password": {"password": CURRENT}}})


def _put(name: str, **values: Any) -> Callable[[Any], None]:
    return lambda attempt: getattr(attempt, name).update(values)


def _set(name: str, value: Any) -> Callable[[Any], None]:
    return lambda attempt: setattr(attempt, name, value)


GRANT = Fault("another grant", "zitadel.token.grant", "not supported", _put("form", grant_type="password"))
INACTIVE = Fault("inactive user", "zitadel.token.user", "the user is not active", _set("active", value=False))
BASES = (
    Base(
        "with a permission",
        ("set_password", "set_password_v2beta"),
        _change(),
        (
            *SET_PASSWORD,
            Fault("no role", "zitadel.permission.user_write", "AUTHZ-cdgFk", attempts.remove_roles),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with a code",
        ("set_password", "set_password_v2beta"),
        _change(verificationCode=CODE),
        (
            *SET_PASSWORD,
            Fault("external code", "zitadel.code.external", "COMMAND-M0g95", attempts.change_code(external=True)),
            Fault(
                "expired code",
                "zitadel.code.order",
                "CODE-QvUQ4P",
                attempts.change_code(expires_at=START),
            ),
            Fault("wrong code", "zitadel.code.order", "CODE-woT0xc", attempts.change_code(digest=digest("other"))),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "without an outstanding code",
        ("set_password",),
        _change(verificationCode=CODE),
        (
            *SET_PASSWORD,
            Fault("no code", "zitadel.code.order", "COMMAND-2M9fs", attempts.change_target(code=None)),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with the current password",
        ("set_password", "set_password_v2beta"),
        _change(currentPassword=CURRENT),
        (
            *SET_PASSWORD,
            Fault("no password", "zitadel.current.order", "COMMAND-Fds3s", attempts.NO_PASSWORD),
            Fault("equal", "zitadel.current.order", "COMMAND-Aesh5", attempts.send_equal_passwords),
            Fault(
                "wrong password",
                "zitadel.current.order",
                "Password is invalid (COMMAND-3M0fs)",
                _put("body", currentPassword="Wr0ng-One!"),
            ),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with the current password in v4.6",
        ("set_password",),
        _change(currentPassword=CURRENT, profile="v4.6"),
        (
            *SET_PASSWORD,
            Fault("locked", "zitadel.current.order", "COMMAND-JLK35", attempts.LOCKED),
            Fault("no password", "zitadel.current.order", "COMMAND-3nJ4t", attempts.NO_PASSWORD),
            Fault("equal", "zitadel.current.order", "COMMAND-CahN2", attempts.send_equal_passwords),
            Fault(
                "wrong password",
                "zitadel.current.order",
                "Password is invalid (COMMAND-3M0fs)",
                _put("body", currentPassword="Wr0ng-One!"),
            ),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with a template",
        ("password_reset", "password_reset_v2beta"),
        _reset,
        (
            *BEFORE_THE_COMMAND,
            LONG_ID,
            Fault("unreadable template", "zitadel.reset.template", "DOMAIN-oGh5e", _template("{{")),
            Fault("machine", "zitadel.reset.order", "COMMAND-SAF4f", attempts.MACHINE),
            Fault("new user", "zitadel.reset.order", "COMMAND-Sfe4g", attempts.INITIAL),
            Fault("no role", "zitadel.permission.user_write", "AUTHZ-cdgFk", attempts.remove_roles),
        ),
    ),
    Base(
        "with another template",
        ("password_reset", "password_reset_v2beta"),
        _reset,
        (
            Fault("unknown field", "zitadel.reset.template", "DOMAIN-ieYa7", _template("{{.Password}}")),
            Fault("machine", "zitadel.reset.order", "COMMAND-SAF4f", attempts.MACHINE),
        ),
    ),
    Base(
        "with a user and a password",
        ("create_session",),
        _sign_in,
        (
            *BEFORE_THE_COMMAND,
            Fault("long login name", "zitadel.validate.first", "runes, inclusive", attempts.lengthen_login),
            Fault("locked", "zitadel.session.user", "SESSION-Gj4ko", attempts.LOCKED),
            Fault("machine", "zitadel.session.password", "COMMAND-3n77z", attempts.MACHINE),
            Fault("no password", "zitadel.session.password", "COMMAND-3nJ4t", attempts.NO_PASSWORD),
            Fault(
                "wrong password",
                "zitadel.session.lockout",
                "COMMAND-3M0fs",
                _put("body", checks={"password": {"password": "Wr0ng-One!"}}),
            ),
        ),
    ),
    Base(
        "with an unknown user",
        ("create_session",),
        _sign_in,
        (
            *BEFORE_THE_COMMAND,
            Fault("unknown user", "zitadel.session.user", "QUERY-Dfbg2", _set("login", "unknown@mouse.example")),
        ),
    ),
    *(Base(*one) for one in USER_BASES),
    Base(
        "with client credentials",
        ("token",),
        lambda _operation, people: TokenAttempt(people["zitadel", "robot"]),
        (
            GRANT,
            Fault(
                "unreadable header",
                "zitadel.token.client",
                "invalid basic auth header",
                _put("headers", authorization="Basic *"),
            ),
            Fault(
                "wrong secret", "zitadel.token.secret", "client_secret is wrong", _put("form", client_secret="guessed")
            ),
            INACTIVE,
        ),
    ),
    Base(
        "with an assertion",
        ("token",),
        lambda _operation, people: TokenAttempt(people["zitadel", "robot"], claims={}),
        (
            GRANT,
            Fault("another key", "zitadel.token.signature", "signature", _set("key", attempts.OTHER_KEY)),
            Fault(
                "another audience",
                "zitadel.token.assertion",
                "aud has to be",
                _put("claims", aud="https://else.example"),
            ),
            INACTIVE,
        ),
    ),
)
ONE_PROOF = "a request has one proof"
EXCLUDED: Mapping[frozenset[str], str] = {
    **{
        frozenset({one, other}): ONE_PROOF
        for one, other in [
            ("zitadel.code.external", "zitadel.current.order"),
            ("zitadel.code.external", "zitadel.permission.user_write"),
            ("zitadel.code.order", "zitadel.current.order"),
            ("zitadel.code.order", "zitadel.permission.user_write"),
            ("zitadel.current.order", "zitadel.permission.user_write"),
            ("zitadel.token.client", "zitadel.token.signature"),
            ("zitadel.token.client", "zitadel.token.assertion"),
            ("zitadel.token.secret", "zitadel.token.signature"),
            ("zitadel.token.secret", "zitadel.token.assertion"),
        ]
    },
    frozenset({"zitadel.query.mapping", "zitadel.validate.first"}): "a query string that cannot be read is no message",
    frozenset({"zitadel.new_password.present", "zitadel.policy.order"}): "a missing password has no policy to violate",
    frozenset({"zitadel.new_password.present", "zitadel.hash.limit"}): "a missing password is not too long",
}
"""Pairs of rules that no request can violate together, with the reasons."""


def _singles() -> Iterator[Any]:
    for base in BASES:
        for operation in base.operations:
            for fault in base.faults:
                yield pytest.param(base, operation, fault, id=f"{operation} {base.name}: {fault.name}")


def _pairs(base: Base) -> Iterator[tuple[Fault, Fault]]:
    for first, second in combinations(base.faults, 2):
        if second.name not in first.excludes:
            yield first, second


def _pairs_of_all() -> Iterator[Any]:
    for base in BASES:
        for operation in base.operations:
            for first, second in _pairs(base):
                yield pytest.param(
                    base, operation, first, second, id=f"{operation} {base.name}: {first.name}, {second.name}"
                )


def message(answer: Response) -> str:
    """Read the message of a refusal in either envelope."""
    return str(answer.body.get("message") or answer.body.get("error_description"))


@pytest.mark.parametrize(
    ("base", "operation"),
    [pytest.param(base, one, id=f"{one} {base.name}") for base in BASES for one in base.operations],
)
def test_the_request_without_a_fault_succeeds(
    api: Api, people: People, sandbox: Callable[[], Sandbox], base: Base, operation: str
) -> None:
    assert base.make(operation, people).send(api, sandbox()).status in (200, 201)


@pytest.mark.parametrize(("base", "operation", "fault"), list(_singles()))
def test_one_fault_is_answered(  # fixtures
    api: Api, people: People, sandbox: Callable[[], Sandbox], *, base: Base, operation: str, fault: Fault
) -> None:
    attempt = base.make(operation, people)
    fault.apply(attempt)
    assert fault.message in message(attempt.send(api, sandbox()))


@pytest.mark.parametrize(("base", "operation", "first", "second"), list(_pairs_of_all()))
def test_of_two_faults_the_first_is_answered(  # fixtures
    api: Api,
    people: People,
    sandbox: Callable[[], Sandbox],
    *,
    base: Base,
    operation: str,
    first: Fault,
    second: Fault,
) -> None:
    attempt = base.make(operation, people)
    first.apply(attempt)
    second.apply(attempt)
    assert first.message in message(attempt.send(api, sandbox()))
    if first.rule != second.rule:
        sandbox().rules.switch_off(first.rule)
        assert second.message in message(attempt.send(api, sandbox()))


@pytest.mark.parametrize("order", ORDERS, ids=[order.operation for order in ORDERS])
def test_every_pair_of_checks_is_violated_or_has_a_reason_not_to_be(order: Any) -> None:
    rules = [step.rule for step in order.steps]
    bases = [base for base in BASES if order.operation in base.operations]
    violated = {(one.rule, other.rule) for base in bases for one, other in _pairs(base) if one.rule != other.rule}
    possible = {pair for pair in combinations(rules, 2) if frozenset(pair) not in EXCLUDED}
    assert violated == possible
