"""The seed: users in every situation, and applications with every kind of role."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from watchword.domain.tokens import digest
from watchword.planting import Person, Planting
from watchword.store import Transaction
from watchword.systems.entrust.records import (
    Application,
    AuthToken,
    Password,
    Permission,
    User,
    UserState,
    UserType,
)

SYSTEM = "entrust"
_DURATION = TypeAdapter(timedelta)


def plant(tx: Transaction, planting: Planting) -> None:
    """Put users, applications and their lasting tokens into a fresh sandbox."""
    for one in planting.fixture("people"):
        tx.put(_user(one, planting))
    for one in planting.fixture("applications"):
        tx.put(_application(one))
        tx.put(AuthToken(digest(one["token"]), one["id"]))


def people(planting: Planting) -> list[Person]:
    """
    List applications and users.

    A user's headers are those of the application that may do everything.
    The tokens of the seed have no expiry, so that a copied command works for days.
    """
    applications = planting.fixture("applications")
    console = applications[0]
    return [
        *(_person(one, token=one["token"], secret=one["sharedSecret"]) for one in applications),
        *(_person(one, token=console["token"], secret=one["password"]) for one in planting.fixture("people")),
    ]


def _person(one: Mapping[str, Any], *, token: str, secret: str | None) -> Person:
    return Person(
        system=SYSTEM,
        name=one["name"],
        why=one["why"],
        id=one["id"],
        login=one["login"],
        password=secret,
        headers={"Authorization": f"Bearer {token}"},
        situations=tuple(one["situations"]),
    )


def _application(one: Mapping[str, Any]) -> Application:
    return Application(
        id=one["id"],
        name=one["login"],
        secret=digest(one["sharedSecret"]),
        permissions=frozenset(Permission(name) for name in one["permissions"]),
        disabled=one.get("disabled", False),
    )


def _user(one: Mapping[str, Any], planting: Planting) -> User:
    password, former = _passwords(one, planting)
    return User(
        id=one["id"],
        login=one["login"],
        first_name=one["firstName"],
        last_name=one["lastName"],
        email=one["email"],
        aliases=tuple(one["aliases"]),
        type=UserType(one.get("type", UserType.MGMT_UI)),
        state=UserState(one.get("state", UserState.ACTIVE)),
        locked=one.get("locked", False),
        password=password,
        former=former,
    )


def _passwords(one: Mapping[str, Any], planting: Planting) -> tuple[Password | None, tuple[str, ...]]:
    if one["password"] is None:
        return None, ()
    stored, *former = planting.hashes(one["name"], [one["password"], *one.get("formerPasswords", ())])
    changed_at = planting.now - _DURATION.validate_python(one["changedAgo"])
    lifetime = timedelta(days=planting.settings.password.lifetime_days)
    password = Password(
        stored=stored,
        changed_at=changed_at,
        expires_at=changed_at + lifetime if lifetime else None,
        force_update=one.get("forceUpdate", False),
    )
    return password, tuple(former)
