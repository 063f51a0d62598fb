"""The seed: organisations, people, tokens and two codes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from watchword.domain.tokens import digest
from watchword.planting import Person, Planting
from watchword.store import Transaction
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
_DURATION = TypeAdapter(timedelta)


def people(planting: Planting) -> Sequence[Person]:
    """List the seed people, with the header that signs each in."""
    return [
        Person(
            system=planting.system,
            name=entry["name"],
            why=entry["why"],
            id=entry["id"],
            login=entry["login"],
            password=entry["password"],
            headers={"Authorization": f"Bearer {entry['token']}"},
            situations=tuple(entry["situations"]),
            credentials=_credentials(entry, planting),
        )
        for entry in planting.fixture("people")
    ]


def plant(tx: Transaction, planting: Planting) -> None:
    """Put the seed into a fresh sandbox."""
    for record in (*_organisations(planting), *_users(planting), *_tokens(planting), *_machines(planting)):
        tx.put(record)


def _organisations(planting: Planting) -> Iterator[Organisation]:
    for entry in planting.fixture("organisations"):
        lockout = entry["lockout"]
        yield Organisation(
            entry["id"],
            entry["name"],
            complexity=ComplexityPolicy(**entry["complexity"]) if entry["complexity"] else None,
            max_password_attempts=lockout["max_password_attempts"] if lockout else None,
        )


def _users(planting: Planting) -> Iterator[User]:
    for entry in planting.fixture("people"):
        password = entry["password"]
        yield User(
            id=entry["id"],
            login_name=entry["login"].lower(),
            organisation=entry["organisation"],
            kind=UserKind(entry["kind"]),
            state=UserState(entry["state"]),
            email=entry["email"],
            phone=entry["phone"],
            password_hash=planting.hashes(entry["name"], [password])[0] if password else None,
            change_required=entry["changeRequired"],
            changed_at=planting.now - _duration(entry["changedAgo"]) if entry["changedAgo"] else None,
            code=_code(entry["code"], planting) if entry["code"] else None,
            memberships=tuple(
                Membership(tuple(one["roles"]), one["organisation"], one["project"]) for one in entry["memberships"]
            ),
        )


def _code(entry: Mapping[str, Any], planting: Planting) -> VerificationCode:
    issued_at = planting.now - _duration(entry["issuedAgo"])
    return VerificationCode(digest(entry["value"]), expires_at=issued_at + _CODE_LIFETIME)


def _tokens(planting: Planting) -> Iterator[AccessToken]:
    origins = {one["id"]: tuple(one["origins"]) for one in planting.fixture("applications")}
    for entry in planting.fixture("people"):
        ago = entry["tokenExpiredAgo"]
        yield AccessToken(
            digest(entry["token"]),
            entry["id"],
            expires_at=planting.now - _duration(ago) if ago else None,
            origins=origins[entry["application"]] if entry["application"] else None,
        )


def _machines(planting: Planting) -> Iterator[ClientSecret | MachineKey]:
    ids = {entry["name"]: entry["id"] for entry in planting.fixture("people")}
    for entry in planting.fixture("machines"):
        user_id = ids[entry["person"]]
        yield ClientSecret(entry["clientId"], digest(entry["clientSecret"]), user_id)
        yield MachineKey(entry["keyId"], user_id, entry["publicKey"])


def _credentials(person: Mapping[str, Any], planting: Planting) -> Mapping[str, Any]:
    """Give what a machine gets its tokens with; the key is the file that the service's console lets one download."""
    for entry in planting.fixture("machines"):
        if entry["person"] == person["name"]:
            key = {"type": "serviceaccount", "keyId": entry["keyId"], "key": entry["key"], "userId": person["id"]}
            return {"clientId": entry["clientId"], "clientSecret": entry["clientSecret"], "key": key}
    return {}


def _duration(text: str) -> timedelta:
    return _DURATION.validate_python(text)
