"""The seed data: programmes, identities and users from the fixtures."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from watchword.domain.durations import read_duration
from watchword.domain.tokens import digest
from watchword.store import Transaction
from watchword.system.seed_data import SeedData
from watchword.systems.weavr.nonces import SANDBOX_CODE
from watchword.systems.weavr.records import (
    CredentialType,
    Details,
    Identity,
    Invitation,
    Mobile,
    Password,
    Programme,
    Scope,
    Session,
    User,
)


def write_seed_data(tx: Transaction, seed_data: SeedData) -> None:
    """Write the programmes, identities and users of one product into a new store."""
    programmes = {one["name"]: one for one in seed_data.fixture("programmes")}
    for one in programmes.values():
        key = digest(one["apiKey"])
        tx.put(Programme(one["id"], seed_data.system, one["name"], key, one["programmeKey"]))
    for one in seed_data.fixture("identities"):
        tx.put(Identity(one["id"], programmes[one["programme"]]["id"], one["type"]))
    for one in seed_data.fixture("people"):
        tx.put(make_user(seed_data, one, programmes[one["programme"]]["id"]))
        if one["token"]:
            tx.put(make_session(one))
        if "invitedAgo" in one:
            tx.put(make_invitation(seed_data, one))


def make_session(one: Mapping[str, Any]) -> Session:
    """Make the session of a person whose entry has a token; it never ends."""
    return Session(digest(one["token"]), one["id"], Scope.EVERYTHING, expires_at=None)


def make_user(seed_data: SeedData, one: Mapping[str, Any], programme: str) -> User:
    """
    Make the account of a person.

    Args:
        one: The entry of the fixtures.
        programme: The id of the programme.
    """
    locked = one.get("lockedFor")
    return User(
        id=one["id"],
        programme_id=programme,
        identity_id=one["identityId"],
        credential=CredentialType(one["credential"]),
        email=one["login"],
        end_user=one.get("endUser", True),
        active=one.get("active", True),
        password=_password(seed_data, one),
        locked_until=seed_data.now + read_duration(locked) if locked else None,
        details=_details(one.get("details", {})),
    )


def _details(given: Mapping[str, Any]) -> Details:
    mobile, born = given.get("mobile"), given.get("date_of_birth")
    return Details(
        **{
            **given,
            "mobile": Mobile(**mobile) if mobile else None,
            "date_of_birth": date.fromisoformat(born) if born else None,
            "roles": tuple(given.get("roles", ())),
        }
    )


def make_invitation(seed_data: SeedData, one: Mapping[str, Any]) -> Invitation:
    """Make the invitation of a person who was invited some time ago."""
    sent_at = seed_data.now - read_duration(one["invitedAgo"])
    lifetime = seed_data.settings.of(one["programme"]).invite_lifetime
    return Invitation(one["id"], digest(SANDBOX_CODE), sent_at + lifetime)


def _password(seed_data: SeedData, one: Mapping[str, Any]) -> Password | None:
    if one["password"] is None:
        return None
    present, *former = seed_data.hashes(one["name"], passwords_of(one))
    age = read_duration(one.get("changedAgo", "P7D"))
    return Password(present, seed_data.now - age, tuple(former), _end_of_password(seed_data.now, one))


def _end_of_password(now: datetime, one: Mapping[str, Any]) -> datetime | None:
    if "expiredAgo" in one:
        return now - read_duration(one["expiredAgo"])
    return now + read_duration(one["expiresIn"]) if "expiresIn" in one else None


def passwords_of(one: Mapping[str, Any]) -> list[str]:
    """List the passwords of a person, which are public, newest first; empty for a person without one."""
    return [] if one["password"] is None else [one["password"], *one.get("formerPasswords", ())]
