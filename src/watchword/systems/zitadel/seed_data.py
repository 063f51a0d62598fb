"""The seed data: organisations, people, tokens and two codes."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from watchword.domain.durations import read_duration
from watchword.domain.tokens import digest
from watchword.store import Transaction
from watchword.system.seed_data import SeedData
from watchword.systems.zitadel.records import (
    AccessToken,
    ClientSecret,
    ComplexityPolicy,
    MachineKey,
    Membership,
    Organisation,
    User,
    UserKind,
    UserState,
    VerificationCode,
)

_CODE_LIFETIME = timedelta(hours=1)
_AGE = timedelta(days=90)
"""How long everything in the seed data has existed."""
_FAMILY_NAME = "x"
"""The family name of every seed person; the given name is the one that the seed data call them by."""


def write_seed_data(tx: Transaction, seed_data: SeedData) -> None:
    """Write the seed data into a fresh sandbox."""
    for record in (*_organisations(seed_data), *_users(seed_data), *_tokens(seed_data), *_machines(seed_data)):
        tx.put(record)


def _organisations(seed_data: SeedData) -> Iterator[Organisation]:
    for entry in seed_data.fixture("organisations"):
        lockout = entry["lockout"]
        yield Organisation(
            entry["id"],
            entry["name"],
            complexity=ComplexityPolicy(**entry["complexity"]) if entry["complexity"] else None,
            max_password_attempts=lockout["max_password_attempts"] if lockout else None,
            created_at=seed_data.now - _AGE,
        )


def _users(seed_data: SeedData) -> Iterator[User]:
    return (make_user(entry, seed_data) for entry in seed_data.fixture("people"))


def make_user(entry: Mapping[str, Any], seed_data: SeedData) -> User:
    """Make the user of a person's entry in the fixtures."""
    password = entry["password"]
    return User(
        id=entry["id"],
        login_name=entry["login"].lower(),
        organisation=entry["organisation"],
        kind=UserKind(entry["kind"]),
        state=UserState(entry["state"]),
        email=entry["email"],
        phone=entry["phone"],
        password_hash=seed_data.hashes(entry["name"], [password])[0] if password else None,
        change_required=entry["changeRequired"],
        changed_at=seed_data.now - read_duration(entry["changedAgo"]) if entry["changedAgo"] else None,
        code=_code(entry["code"], seed_data) if entry["code"] else None,
        memberships=tuple(
            Membership(tuple(one["roles"]), one["organisation"], one["project"]) for one in entry["memberships"]
        ),
        given_name=entry["name"],
        family_name=_FAMILY_NAME if entry["kind"] == UserKind.HUMAN else "",
        created_at=seed_data.now - _AGE,
    )


def _code(entry: Mapping[str, Any], seed_data: SeedData) -> VerificationCode:
    issued_at = seed_data.now - read_duration(entry["issuedAgo"])
    return VerificationCode(digest(entry["value"]), expires_at=issued_at + _CODE_LIFETIME)


def _tokens(seed_data: SeedData) -> Iterator[AccessToken]:
    return (make_token(entry, seed_data) for entry in seed_data.fixture("people"))


def make_token(entry: Mapping[str, Any], seed_data: SeedData) -> AccessToken:
    """Make the access token of a person's entry in the fixtures."""
    origins = {one["id"]: tuple(one["origins"]) for one in seed_data.fixture("applications")}
    ago = entry["tokenExpiredAgo"]
    return AccessToken(
        digest(entry["token"]),
        entry["id"],
        expires_at=seed_data.now - read_duration(ago) if ago else None,
        origins=origins[entry["application"]] if entry["application"] else None,
    )


def _machines(seed_data: SeedData) -> Iterator[ClientSecret | MachineKey]:
    ids = {entry["name"]: entry["id"] for entry in seed_data.fixture("people")}
    for entry in seed_data.fixture("machines"):
        user_id = ids[entry["person"]]
        yield ClientSecret(entry["clientId"], digest(entry["clientSecret"]), user_id)
        lasts = entry.get("keyExpiresIn")
        expires_at = seed_data.now + read_duration(lasts) if lasts else None
        yield MachineKey(entry["keyId"], user_id, entry["publicKey"], expires_at)


def find_credentials(entry: Mapping[str, Any], seed_data: SeedData) -> Mapping[str, Any]:
    """Find the credentials for tokens of a machine of the seed data; empty for people."""
    found = (one for one in seed_data.fixture("machines") if one["person"] == entry["name"])
    return next((show_credentials(one, entry["id"]) for one in found), {})


def show_credentials(machine: Mapping[str, Any], user_id: str) -> Mapping[str, Any]:
    """Show a machine's credentials; the key has the form of the file that the service's console exports."""
    key = {"type": "serviceaccount", "keyId": machine["keyId"], "key": machine["key"], "userId": user_id}
    return {"clientId": machine["clientId"], "clientSecret": machine["clientSecret"], "key": key}
