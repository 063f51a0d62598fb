"""The check of documents that the tests' servers are built with notices what it should."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainSerializer

from tests.conftest import Api, People
from tests.documents import DocumentCheck
from watchword.store import SharedTables, Store, record

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@record("documents_true", key="id")
@dataclass(frozen=True)
class Written:
    id: str
    at: datetime


@record("documents_false", key="id")
@dataclass(frozen=True)
class Rounded:
    id: str
    at: Annotated[datetime, PlainSerializer(lambda moment: moment.replace(minute=0).isoformat())]


@record("documents_unreadable", key="id")
@dataclass(frozen=True)
class Unreadable:
    id: str
    at: Annotated[datetime, PlainSerializer(lambda moment: f"{moment:%H:%M}")]


def put_all(check: DocumentCheck, *values: object) -> Store:
    tables = SharedTables({})
    persisted = check.add_sandbox("box", tables, NOON)
    store = Store(tables.tables, persisted)
    transaction = store.transaction()
    for value in values:
        transaction.put(value)
    assert transaction.commit()
    return store


def test_a_document_that_says_what_its_value_is_passes() -> None:
    check = DocumentCheck()
    put_all(check, Written("a", NOON.replace(minute=1)))
    assert (check.checked, check.differing) == (1, [])


def test_a_document_that_says_something_else_is_noticed() -> None:
    check = DocumentCheck()
    put_all(check, Rounded("a", NOON), Rounded("b", NOON.replace(minute=1)))
    assert (check.checked, check.differing) == (2, ["documents_false: a document reads back as another value"])


def test_a_document_that_cannot_be_read_is_noticed() -> None:
    check = DocumentCheck()
    put_all(check, Unreadable("a", NOON))
    (problem,) = check.differing
    assert problem.startswith("documents_unreadable: a document cannot be read back")


def test_a_value_that_is_written_over_in_the_next_commit_is_noticed_too() -> None:
    check = DocumentCheck()
    store = put_all(check, Rounded("a", NOON.replace(minute=1)))
    transaction = store.transaction()
    transaction.put(Rounded("a", NOON))
    assert transaction.commit()
    assert len(check.differing) == 1


def test_seed_data_is_checked_once() -> None:
    check, store = DocumentCheck(), Store()
    transaction = store.transaction()
    transaction.put(Rounded("a", NOON.replace(minute=1)))
    transaction.commit()
    tables = SharedTables(store.to_shared_rows())
    for name in ("first", "second"):
        check.add_sandbox(name, tables, NOON)
    assert (check.checked, len(check.differing)) == (1, 1)


def test_the_server_of_the_tests_is_checked(api: Api, people: People, documents: DocumentCheck) -> None:
    ada, before = people["weavr_multi", "ada"], documents.checked
    api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})
    assert documents.checked > before
