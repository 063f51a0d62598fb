"""The seed data: programmes, identities and users from the fixtures, and the list of seed people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from watchword.domain.durations import read_duration
from watchword.domain.tokens import digest
from watchword.store import Transaction
from watchword.system.seed_data import Person, SeedData
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
        tx.put(_user(seed_data, one, programmes[one["programme"]]["id"]))
        if one["token"]:
            tx.put(Session(digest(one["token"]), one["id"], Scope.EVERYTHING, expires_at=None))
        if "invitedAgo" in one:
            tx.put(_invitation(seed_data, one))


def people(seed_data: SeedData) -> list[Person]:
    """List the seed people of one product, with headers that are ready to send."""
    keys = {one["name"]: one["apiKey"] for one in seed_data.fixture("programmes")}
    return [
        Person(
            system=seed_data.system,
            name=one["name"],
            why=one["why"],
            id=one["id"],
            login=one["login"],
            password=one["password"],
            headers={
                "api-key": keys[one["programme"]],
                **({"Authorization": f"Bearer {one['token']}"} if one["token"] else {}),
            },
            situations=tuple(one["situations"]),
        )
        for one in seed_data.fixture("people")
    ]


def _user(seed_data: SeedData, one: Mapping[str, Any], programme: str) -> User:
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


def _invitation(seed_data: SeedData, one: Mapping[str, Any]) -> Invitation:
    sent_at = seed_data.now - read_duration(one["invitedAgo"])
    lifetime = seed_data.settings.of(one["programme"]).invite_lifetime
    return Invitation(one["id"], digest(SANDBOX_CODE), sent_at + lifetime)


def _password(seed_data: SeedData, one: Mapping[str, Any]) -> Password | None:
    if one["password"] is None:
        return None
    present, *former = seed_data.hashes(one["name"], [one["password"], *one.get("formerPasswords", ())])
    age, expired = read_duration(one.get("changedAgo", "P7D")), one.get("expiredAgo")
    end = seed_data.now - read_duration(expired) if expired else None
    return Password(present, seed_data.now - age, tuple(former), end)
