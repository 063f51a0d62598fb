"""Record types: values as documents and back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from watchword.store import record
from watchword.store.records import record_type

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class State(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"


@dataclass(frozen=True)
class Attempt:
    at: datetime
    succeeded: bool


@record("toy_users", key="id", indexed=("email", "state"))
@dataclass(frozen=True)
class User:
    id: str
    email: str | None = None
    state: State = State.ACTIVE
    failures: int = 0
    history: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    changed_at: datetime | None = None
    valid_for: timedelta = timedelta(days=90)


ADA = User(
    id="u1",
    email="ada@example.com",
    state=State.LOCKED,
    failures=3,
    history=("$hash-2", "$hash-1"),
    attempts=(Attempt(NOON, succeeded=False), Attempt(NOON + timedelta(microseconds=1), succeeded=True)),
    changed_at=NOON,
    valid_for=timedelta(hours=1, microseconds=5),
)


@pytest.mark.parametrize("user", [ADA, User(id="u2")], ids=["everything", "defaults"])
def test_a_value_is_equal_after_conversion_to_a_document_and_back(user: User) -> None:
    kind = record_type(User)
    assert kind.to_value(kind.to_document(user)) == user


def test_a_value_converted_back_has_its_types() -> None:
    kind = record_type(User)
    converted = kind.to_value(kind.to_document(ADA))
    assert converted.state is State.LOCKED
    assert isinstance(converted.history, tuple)
    assert isinstance(converted.attempts[0], Attempt)
    assert converted.changed_at is not None
    assert converted.changed_at.utcoffset() == timedelta(0)


def test_a_document_has_json_types_only() -> None:
    document = record_type(User).to_document(ADA)
    assert document["state"] == "locked"
    assert document["history"] == ["$hash-2", "$hash-1"]
    assert document["changed_at"] == "2026-01-15T12:00:00Z"
    assert document["attempts"][0] == {"at": "2026-01-15T12:00:00Z", "succeeded": False}


def test_a_record_type_has_its_table_key_and_indexes() -> None:
    kind = record_type(User)
    assert (kind.table, kind.key, kind.indexed) == ("toy_users", "id", ("email", "state"))
    assert kind.key_of(ADA) == "u1"


def test_a_class_that_is_not_declared_is_refused() -> None:
    with pytest.raises(TypeError, match="Attempt is not declared with @record"):
        record_type(Attempt)


def test_a_subclass_is_not_stored_in_the_table_of_its_parent() -> None:
    @dataclass(frozen=True)
    class Machine(User):
        pass

    with pytest.raises(TypeError, match="Machine is not declared"):
        record_type(Machine)


def test_reading_a_document_returns_the_same_value() -> None:
    kind = record_type(User)
    document = kind.to_document(ADA)
    assert kind.to_value(document) is ADA
    assert kind.to_value(dict(document)) == ADA
    assert kind.to_value(dict(document)) is not ADA
