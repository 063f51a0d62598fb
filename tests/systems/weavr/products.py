"""A client of either product, with the seed people by their roles in the tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import Api, Inbox, People, Response, SettingsOf
from tests.outcomes import NO_BODY, outcome
from watchword.contract.weavr import cast
from watchword.contract.weavr.cast import ROLES
from watchword.system.seed_data import Person

GOOD = "Lantern-42-amber"
"""A password that every rule accepts and that no seed person had."""
KEY = "api-key"
TOKEN = "Authorization"


@dataclass(frozen=True)
class Product:
    """
    One product.

    Args:
        roles: The names of the seed people by their roles in the tests.
    """

    name: str
    roles: Mapping[str, str] = field(repr=False, hash=False)

    def operation(self, name: str) -> str:
        """Make the operation id of *name*."""
        return f"{self.name}.{name}"

    def __str__(self) -> str:
        return self.name


MULTI, PAYMENT_RUN = (
    Product(name, {one.name: one.names[name] for one in ROLES.values() if name in one.names}) for name in cast.PRODUCTS
)
PRODUCTS = (MULTI, PAYMENT_RUN)
Name = str | Mapping[Product, str]
"""The name of an outcome, for both products or for each."""
LOG_IN_REFUSED: Name = {MULTI: NO_BODY, PAYMENT_RUN: "INSUFFICIENT_PERMISSIONS"}
"""Only the document of Payment Run gives a 403 at log-in a body."""
MANAGING = ("list_users", "get_user", "invite_user")
"""The operations of a user who made others."""
WITH_TOKEN = ("update_password", "logout", *MANAGING)
OPERATIONS = (
    "create_password",
    "update_password",
    "validate_password",
    "start_lost_password",
    "resume_lost_password",
    "login_with_password",
    "logout",
    *MANAGING,
    "validate_invite",
    "consume_invite",
)


def reaching(operation: str, status: int, name: Name = NO_BODY) -> pytest.MarkDecorator:
    """Run a test with both products; both reach this outcome."""
    return cases("", [(operation, status, name)])


def cases(names: str, rows: Iterable[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """
    Run a test with both products and every row.

    Args:
        names: Arguments of the test besides ``product``.
        rows: Values of *names*, then operation, status and name of the outcome.
    """
    parameters = [
        pytest.param(
            product,
            *row[:-3],
            id=f"{product}-{row[-3]}-{row[-2]}-{_name(row[-1], product)}",
            marks=outcome(product.operation(row[-3]), row[-2], _name(row[-1], product)),
        )
        for row in rows
        for product in PRODUCTS
    ]
    return pytest.mark.parametrize(f"product, {names}" if names else "product", parameters)


def _name(name: Name, product: Product) -> str:
    return name if isinstance(name, str) else name[product]


def reaching_by_default(operation: str, status: int, name: str) -> pytest.MarkDecorator:
    """Run a test with both products: the document of Multi has this outcome, Payment Run leaves it to ``default``."""
    of_multi = outcome(MULTI.operation(operation), status, name)
    parameters = [pytest.param(MULTI, marks=of_multi, id=str(MULTI)), pytest.param(PAYMENT_RUN, id=str(PAYMENT_RUN))]
    return pytest.mark.parametrize("product", parameters)


both = pytest.mark.parametrize("product", PRODUCTS, ids=str)
"""Run a test with both products."""


@dataclass
class Weavr:
    """A client of one product that knows its seed people."""

    product: Product
    api: Api
    people: People
    inbox: Inbox
    settings: SettingsOf

    def person(self, role: str) -> Person:
        """Find the seed person with *role*."""
        return self.people[self.product.name, self.product.roles[role]]

    def password(self, role: str) -> str:
        """Find the password of the seed person with *role*."""
        password = self.person(role).password
        assert password is not None
        return password

    def set(self, **programme: Any) -> None:
        """Change how the main programme behaves."""
        self.settings.patch(self.product.name, {"programmes": {"main": programme}})

    def call(self, operation: str, body: Any = None, *, of: str = "member", **more: Any) -> Response:
        """
        Call an operation with the headers of the seed person with role *of*.

        Args:
            more: ``headers`` that replace them (None removes one), ``user_id`` of the path, ``query``.
        """
        headers: dict[str, str | None] = dict(self.person(of).headers)
        if operation not in WITH_TOKEN:
            headers.pop(TOKEN, None)
        headers |= more.get("headers", {})
        return self.api.call(
            self.product.operation(operation),
            path={"user_id": more["user_id"]} if "user_id" in more else None,
            query=more.get("query"),
            body=body,
            headers={name: value for name, value in headers.items() if value is not None},
        )

    def create(self, password: str = GOOD, *, of: str = "newcomer", **more: Any) -> Response:
        """Create a password."""
        more.setdefault("user_id", self.person(of).id)
        return self.call("create_password", {"password": {"value": password}}, of=of, **more)

    def update(self, new: str = GOOD, *, old: str | None = None, of: str = "member", **more: Any) -> Response:
        """Update a password; the default for *old* is the right one."""
        body = {"oldPassword": {"value": self.password(of) if old is None else old}, "newPassword": {"value": new}}
        return self.call("update_password", body, of=of, **more)

    def validate(self, password: str = GOOD, *, of: str = "member", **more: Any) -> Response:
        """Validate a password."""
        return self.call("validate_password", {"password": {"value": password}}, of=of, **more)

    def start(self, email: str | None = None, *, of: str = "member", **more: Any) -> Response:
        """Start the reset of a lost password."""
        return self.call("start_lost_password", {"email": email or self.person(of).login}, of=of, **more)

    def resume(self, new: str = GOOD, *, nonce: str = "123456", of: str = "member", **more: Any) -> Response:
        """Set a new password with a nonce."""
        body = {"email": more.pop("email", self.person(of).login), "nonce": nonce, "newPassword": {"value": new}}
        return self.call("resume_lost_password", body, of=of, **more)

    def log_in(self, password: str | None = None, *, of: str = "member", **more: Any) -> Response:
        """Log in; the default for *password* is the right one."""
        value = self.password(of) if password is None else password
        body = {"email": more.pop("email", self.person(of).login), "password": {"value": value}}
        return self.call("login_with_password", body, of=of, **more)

    def log_out(self, *, of: str = "member", **more: Any) -> Response:
        """Log out."""
        return self.call("logout", of=of, **more)

    def list_users(self, *, by: str = "head", **more: Any) -> Response:
        """List the users of the identity of *by*."""
        query = {name: more.pop(name) for name in ("offset", "limit", "email", "active", "tag") if name in more}
        return self.call("list_users", of=by, query=query, **more)

    def get_user(self, *, of: str = "invited", by: str = "head", **more: Any) -> Response:
        """Read a user."""
        more.setdefault("user_id", self.person(of).id)
        return self.call("get_user", of=by, **more)

    def invite(self, *, of: str = "uninvited", by: str = "head", **more: Any) -> Response:
        """Invite a user."""
        more.setdefault("user_id", self.person(of).id)
        return self.call("invite_user", of=by, **more)

    def validate_invite(self, code: str = "123456", *, of: str = "invited", **more: Any) -> Response:
        """Check the code of an invitation."""
        more.setdefault("user_id", self.person(of).id)
        return self.call("validate_invite", {"inviteCode": code}, of=of, **more)

    def consume(self, password: str = GOOD, *, code: str = "123456", of: str = "invited", **more: Any) -> Response:
        """Set the first password with the code of an invitation."""
        more.setdefault("user_id", self.person(of).id)
        body = {"inviteCode": code, "password": {"value": password}, **more.pop("body", {})}
        return self.call("consume_invite", body, of=of, **more)

    def attempt(self, operation: str, *, of: str = "member", **more: Any) -> Response:
        """Call *operation* so that it succeeds, unless *more* prevents it."""
        match operation:
            case "create_password":
                return self.create(of="newcomer", **more)
            case "update_password":
                return self.update(of=of, **more)
            case "validate_password":
                return self.validate(of=of, **more)
            case "start_lost_password":
                return self.start(of=of, **more)
            case "resume_lost_password":
                self.start(of=of)
                return self.resume(of=of, **more)
            case "login_with_password":
                return self.log_in(of=of, **more)
            case "list_users":
                return self.list_users(**more)
            case "get_user":
                return self.get_user(**more)
            case "invite_user":
                return self.invite(**more)
            case "validate_invite":
                return self.validate_invite(**more)
            case "consume_invite":
                return self.consume(**more)
            case _:
                return self.log_out(of=of, **more)

    def token_for(self, password: str) -> str:
        """Tokenise a password, as a server does."""
        body = {"values": {"password": {"value": password, "field": "PASSWORD"}}}
        answer = self.api.call("weavr_multi.simulate_tokenise", body=body)
        token: str = answer.body["tokens"]["password"]
        return token


def bearer(token: str) -> dict[str, str]:
    """Make the header of a token."""
    return {TOKEN: f"Bearer {token}"}


def codes(response: Response) -> list[tuple[list[str], str, str]]:
    """List the invalid fields of a 400 as (params, fieldName, error)."""
    fields = response.body["syntaxErrors"]["invalidFields"]
    return [(one["params"], one["fieldName"], one["error"]) for one in fields]
