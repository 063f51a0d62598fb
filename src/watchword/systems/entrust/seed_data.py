"""The seed data: users in every situation, and applications with every kind of role."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from watchword.domain.durations import read_duration
from watchword.domain.tokens import digest
from watchword.store import Transaction
from watchword.system.seed_data import SeedData
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
        tx.put(make_user(one, seed_data))
    for one in seed_data.fixture("applications"):
        tx.put(make_application(one))
        tx.put(AuthToken(digest(one["token"]), one["id"]))
        if "expiredToken" in one:
            tx.put(AuthToken(digest(one["expiredToken"]), one["id"], expires_at=seed_data.now))


def make_application(one: Mapping[str, Any]) -> Application:
    """Make the application of an entry in the fixtures."""
    return Application(
        id=one["id"],
        name=one["login"],
        secret=digest(one["sharedSecret"]),
        permissions=frozenset(Permission(name) for name in one["permissions"]),
        disabled=one.get("disabled", False),
    )


def make_user(one: Mapping[str, Any], seed_data: SeedData) -> User:
    """Make the user of a person's entry in the fixtures."""
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
    stored, *former = seed_data.hashes(one["name"], passwords_of(one))
    changed_at = seed_data.now - read_duration(one["changedAgo"])
    lifetime = timedelta(days=seed_data.settings.password.lifetime_days)
    password = Password(
        stored=stored,
        changed_at=changed_at,
        expires_at=changed_at + lifetime if lifetime else None,
        force_update=one.get("forceUpdate", False),
    )
    return password, tuple(former)


def passwords_of(one: Mapping[str, Any]) -> list[str]:
    """List the passwords of a person, which are public, newest first; empty for a person without one."""
    return [] if one["password"] is None else [one["password"], *one.get("formerPasswords", ())]
