"""The seed data: users in every situation, and applications with every kind of role."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from watchword.domain.durations import read_duration
from watchword.domain.tokens import digest
from watchword.store import Transaction
from watchword.system.seed_data import Person, SeedData
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


def write_seed_data(tx: Transaction, seed_data: SeedData) -> None:
    """Put users, applications and their tokens into a fresh sandbox."""
    for one in seed_data.fixture("people"):
        tx.put(_user(one, seed_data))
    for one in seed_data.fixture("applications"):
        tx.put(_application(one))
        tx.put(AuthToken(digest(one["token"]), one["id"]))


def people(seed_data: SeedData) -> list[Person]:
    """
    List applications and users.

    A user's headers are those of the application with every permission.
    Seed tokens do not expire, so that a copied command works for days.
    """
    applications = seed_data.fixture("applications")
    console = applications[0]
    return [
        *(_person(one, token=one["token"], secret=one["sharedSecret"]) for one in applications),
        *(_person(one, token=console["token"], secret=one["password"]) for one in seed_data.fixture("people")),
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


def _user(one: Mapping[str, Any], seed_data: SeedData) -> User:
    password, former = _passwords(one, seed_data)
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


def _passwords(one: Mapping[str, Any], seed_data: SeedData) -> tuple[Password | None, tuple[str, ...]]:
    if one["password"] is None:
        return None, ()
    stored, *former = seed_data.hashes(one["name"], [one["password"], *one.get("formerPasswords", ())])
    changed_at = seed_data.now - read_duration(one["changedAgo"])
    lifetime = timedelta(days=seed_data.settings.password.lifetime_days)
    password = Password(
        stored=stored,
        changed_at=changed_at,
        expires_at=changed_at + lifetime if lifetime else None,
        force_update=one.get("forceUpdate", False),
    )
    return password, tuple(former)
