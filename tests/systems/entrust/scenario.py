"""A request to Entrust that succeeds, and the faults that make one rule each refuse it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import bcrypt
from tests.conftest import START, Api, Observed, Response

from watchword.domain.hashing import Hasher, Profile
from watchword.domain.rule import AskedRule, Verdict
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.sandbox import Sandbox
from watchword.systems.entrust.records import (
    Application,
    AuthToken,
    Password,
    Permission,
    User,
    UserState,
    UserType,
)

PASSWORD = "CopperLantern-58-Harbourr"
"""Meets the default policy; has a double letter, digits and symbols, and the names that `FAULTS` give the user."""
BCRYPT = {"passwordFormat": "BCRYPT", "password": bcrypt.hashpw(b"x", b"$2b$04$abcdefghijklmnopqrstuu").decode()}
BODIES: Mapping[str, Mapping[str, Any]] = {
    "set_password": {"password": PASSWORD, "emailPassword": False},
    "get_password": {},
    "delete_password": {},
    "get_password_settings": {},
    "validate_password": {"password": PASSWORD},
    "authenticate": {"applicationId": "99999999-2222-4333-8444-555555555555", "sharedSecret": "shared"},
}
"""By operation: the body of a request that succeeds; empty for none."""
NOBODY = "00000000-0000-4000-8000-000000000000"
DAY = timedelta(days=1)


def store(password: str) -> str:
    return Hasher(Profile.FAST).candidate(Secret(password)).make_hash(salt=b"0123456789abcdef")


@dataclass
class Scenario:
    """
    A request, and the records and settings that it meets.

    Args:
        userid: The UUID in the path.
        body: JSON; null for an operation without a body.
    """

    body: dict[str, Any]
    user: User = field(
        default_factory=lambda: User(
            id="11111111-2222-4333-8444-555555555555",
            login="ada",
            first_name="Ada",
            last_name="Byrne",
            password=Password(store("Granite.Meadow.2207"), changed_at=START - DAY),
        )
    )
    application: Application = field(
        default_factory=lambda: Application(
            id="99999999-2222-4333-8444-555555555555",
            name="Orders",
            secret=digest("shared"),
            permissions=frozenset(Permission),
        )
    )
    token_expires_in: timedelta = DAY
    authorization: str | None = "Bearer token"
    userid: str = "11111111-2222-4333-8444-555555555555"
    settings: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)

    def send(self, api: Api, sandbox: Sandbox, operation: str) -> Response:
        """Put the records into the sandbox, and send the request."""
        transaction = sandbox.store.transaction()
        for record in (
            self.user,
            self.application,
            AuthToken(digest("token"), self.application.id, START + self.token_expires_in),
        ):
            transaction.put(record)
        assert transaction.commit()
        sandbox.change_settings({"entrust": {**self.settings, "password": self.policy}})
        return api.call(
            f"entrust.{operation}",
            path={} if operation == "authenticate" else {"userid": self.userid},
            body=self.body or None,
            headers={} if self.authorization is None else {"Authorization": self.authorization},
        )


@dataclass(frozen=True)
class Fault:
    """
    A change that makes one rule refuse a request.

    Args:
        apply: Changes the scenario.
        parameter: The first of the answer's ``parameters``, for checks of the policy.
    """

    status: int
    code: str
    apply: Callable[[Scenario], None]
    parameter: str | None = None


def change_user(**changes: Any) -> Callable[[Scenario], None]:
    def apply(scenario: Scenario) -> None:
        scenario.user = replace(scenario.user, **changes)

    return apply


def change_application(**changes: Any) -> Callable[[Scenario], None]:
    def apply(scenario: Scenario) -> None:
        scenario.application = replace(scenario.application, **changes)

    return apply


def change_policy(**changes: Any) -> Callable[[Scenario], None]:
    return lambda scenario: scenario.policy.update(changes)


def send_fields(**fields: Any) -> Callable[[Scenario], None]:
    return lambda scenario: scenario.body.update(fields)


def send_authorization(header: str | None) -> Callable[[Scenario], None]:
    def apply(scenario: Scenario) -> None:
        scenario.authorization = header

    return apply


def expire_token(scenario: Scenario) -> None:
    scenario.token_expires_in = -DAY


def send_wrong_secret(scenario: Scenario) -> None:
    scenario.authorization = f"{scenario.application.id},wrong"
    scenario.body.update({"sharedSecret": "wrong"} if "sharedSecret" in scenario.body else {})


def name_nobody(scenario: Scenario) -> None:
    scenario.userid = NOBODY


def import_nothing(scenario: Scenario) -> None:
    scenario.body.update(BCRYPT, password=None)


def demand_a_password(scenario: Scenario) -> None:
    scenario.settings["attributes_without_password_accepted"] = False
    scenario.body["password"] = None


def require_complexity(scenario: Scenario) -> None:
    scenario.policy["ad_complexity"] = True
    scenario.user = replace(scenario.user, first_name="Copper")


def reuse_the_password(scenario: Scenario) -> None:
    scenario.user = replace(scenario.user, former=(store(PASSWORD),))


def wrong_password(check: str, apply: Callable[[Scenario], None]) -> Fault:
    return Fault(400, "invalid_password", apply, check)


FAULTS: Mapping[str, Fault] = {
    "entrust.authorization.forms": Fault(401, "authorization_required", send_authorization(None)),
    "entrust.authentication.secret": Fault(401, "invalid_credentials", send_wrong_secret),
    "entrust.authorization.expired": Fault(401, "auth_token_expired", expire_token),
    "entrust.authentication.disabled": Fault(403, "application_disabled", change_application(disabled=True)),
    "entrust.permission.required": Fault(403, "permission_required", change_application(permissions=frozenset())),
    "entrust.user.by-uuid": Fault(404, "user_not_found", name_nobody),
    "entrust.user.inactive": Fault(409, "user_inactive", change_user(state=UserState.INACTIVE)),
    "entrust.user.external": Fault(409, "password_managed_elsewhere", change_user(type=UserType.EXTERNAL)),
    "entrust.password.expiry-in-future": Fault(
        400, "expiry_time_in_past", send_fields(expiryTime="1999-12-31T23:59:59Z")
    ),
    "entrust.bcrypt.restrictions": Fault(
        400, "bcrypt_return_password_not_false", send_fields(**BCRYPT, returnPassword=True)
    ),
    "entrust.bcrypt.hash-required": Fault(400, "password_required", import_nothing),
    "entrust.password.attributes-only": Fault(400, "password_required", demand_a_password),
    "entrust.directory.current-password": Fault(400, "current_password_required", change_user(type=UserType.LDAP_AD)),
    "entrust.password.minimum-lifetime": Fault(409, "password_minimum_lifetime", change_policy(minimum_lifetime=30)),
    "entrust.bcrypt.well-formed": Fault(
        400, "invalid_bcrypt_hash", send_fields(passwordFormat="BCRYPT", password="plain")
    ),
    "entrust.policy.length": wrong_password("length", change_policy(minimum_length=100)),
    "entrust.policy.characters": wrong_password("alphaNumeric", change_policy(include_nonalphanumeric="NOT_ALLOWED")),
    "entrust.policy.repeated": wrong_password("repeatedCharacters", change_policy(maximum_repeated=1)),
    "entrust.policy.ad-complexity": wrong_password("adComplexity", require_complexity),
    "entrust.policy.user-id": wrong_password("userID", change_user(login="58-harbour")),
    "entrust.policy.alias": wrong_password("alias", change_user(aliases=("harbourr",))),
    "entrust.policy.full-name": wrong_password("fullName", change_user(first_name="Copper", last_name="Lantern")),
    "entrust.policy.blacklist": wrong_password("blacklisted", change_policy(blacklist=[PASSWORD])),
    "entrust.policy.strength": wrong_password("strength", change_user(email=PASSWORD.lower())),
    "entrust.history.size": wrong_password("passwordHistory", reuse_the_password),
    "entrust.removal.local-only": Fault(409, "password_managed_elsewhere", change_user(type=UserType.EXTERNAL)),
    "entrust.password.nothing-to-remove": Fault(404, "password_not_found", change_user(password=None)),
}
"""By the rule that each makes refuse."""


class Sender:
    """Sends scenarios, and tells which rules were asked about the latest one."""

    def __init__(self, api: Api, sandbox: Callable[[], Sandbox], observed: Observed) -> None:
        self._api, self._sandbox, self._observed = api, sandbox, observed

    def send(self, operation: str, *rules: str, **fields: Any) -> Response:
        """Send a request with a fault for each of *rules*, and with other *fields* in its body."""
        scenario = Scenario({**BODIES[operation], **fields})
        for rule in rules:
            FAULTS[rule].apply(scenario)
        return scenario.send(self._api, self._sandbox(), operation)

    def asked(self) -> Sequence[AskedRule]:
        """List the rules that were asked."""
        record = self._observed.seen[-1][0].record
        assert record is not None
        return record.asked

    def refusing_rule(self) -> str | None:
        """Name the first rule that refused."""
        return next((one.rule.id for one in self.asked() if one.verdict is Verdict.REFUSED), None)
