"""The mails and texts of a sandbox, over HTTP."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from tests.conftest import Api
from tests.outcomes import outcome
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.domain.outbox import Outbox
from watchword.sandbox import Sandbox

Found = Callable[[], Sandbox]


def send(sandbox: Sandbox, to: str = "ada@example.com", subject: str = "Hello") -> None:
    outbox = Outbox()
    outbox.mail(to=to, subject=subject, text="123456", codes=["123456"], links=["http://localhost:3000/x"])
    sandbox.mailbox.deliver(sandbox.mailbox.prepare(outbox.drafts, system="zitadel", now=sandbox.clock.now()))


@outcome("admin.inbox", 200, "messages")
def test_messages_come_newest_first_with_their_codes_and_links(api: Api, sandbox: Found) -> None:
    send(sandbox(), subject="First")
    send(sandbox(), subject="Second")
    second, first = api.call("admin.inbox").body["messages"]
    assert (first["subject"], second["subject"]) == ("First", "Second")
    assert first == {
        "id": 1,
        "system": "zitadel",
        "sentAt": "2026-01-15T12:00:00.000Z",
        "channel": "mail",
        "to": "ada@example.com",
        "subject": "First",
        "text": "123456",
        "codes": ["123456"],
        "links": ["http://localhost:3000/x"],
    }


@outcome("admin.inbox", 200, "empty")
def test_a_fresh_inbox_is_empty(api: Api) -> None:
    assert api.call("admin.inbox").body == {"messages": []}


def test_messages_are_found_by_whom_they_went_to(api: Api, sandbox: Found) -> None:
    send(sandbox(), to="ada+1@example.com")
    send(sandbox(), to="ben@example.com")
    (found,) = api.call("admin.inbox", query={"to": "ada+1@example.com"}).body["messages"]
    assert found["to"] == "ada+1@example.com"


def test_messages_are_found_from_a_moment_on(api: Api, sandbox: Found) -> None:
    send(sandbox(), subject="Before")
    sandbox().clock.advance(timedelta(minutes=1))
    send(sandbox(), subject="Then")
    found = api.call("admin.inbox", query={"since": "2026-01-15T13:01:00+01:00"}).body["messages"]
    assert [one["subject"] for one in found] == ["Then"]


def test_messages_are_found_after_one_of_them_also_while_the_clock_stands(api: Api, sandbox: Found) -> None:
    sandbox().clock.freeze()
    for subject in ("First", "Second", "Third"):
        send(sandbox(), subject=subject)
    newest, *_, oldest = api.call("admin.inbox").body["messages"]
    found = api.call("admin.inbox", query={"since": oldest["id"]}).body["messages"]
    assert [one["subject"] for one in found] == ["Third", "Second"]
    assert api.call("admin.inbox", query={"since": newest["id"], "wait": "10ms"}).body == {"messages": []}


@outcome("admin.inbox", 400, "malformed")
@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ({"since": "2026-01-15T12:00:00"}, "since", "must be a time with its time zone"),
        ({"since": "2016-12-31T23:59:60Z"}, "since", "without a leap second"),
        ({"since": "0001-01-01T00:00:00+23:00"}, "since", "that the calendar has"),
        ({"since": "0"}, "since", "or the id of a message"),
        ({"since": "-1"}, "since", "or the id of a message"),
        ({"wait": "5 s"}, "wait", "for example 5s, PT5S or 250ms"),
        ({"wait": "31s"}, "wait", "up to 30 seconds"),
    ],
    ids=["no zone", "leap second", "before the calendar", "no message", "a negative id", "no unit", "too long"],
)
def test_a_question_that_cannot_be_understood_is_refused(
    api: Api, query: dict[str, str], field: str, problem: str
) -> None:
    answer = api.call("admin.inbox", query=query)
    assert answer.status == 400
    (error,) = answer.body["errors"]
    assert (error["in"], error["field"]) == ("query", field)
    assert problem in error["problem"]


def test_waiting_ends_when_a_message_comes(api: Api, sandbox: Found) -> None:
    async def wait_and_send() -> list[str]:
        waiting = asyncio.create_task(api.arequest("GET", "/__admin/inbox?to=ben@example.com&wait=30s"))
        await asyncio.sleep(0.03)
        send(sandbox(), to="ada@example.com")
        send(sandbox(), to="ben@example.com")
        return [one["to"] for one in (await waiting).body["messages"]]

    began = monotonic()
    assert api.runner.run(wait_and_send()) == ["ben@example.com"]
    assert monotonic() - began < 10


def test_waiting_ends_when_the_client_hangs_up(api: Api, sandbox: Found) -> None:
    async def wait_and_hang_up() -> int:
        hang_up = asyncio.Event()
        waiting = asyncio.create_task(api.arequest("GET", "/__admin/inbox?wait=30s", hang_up=hang_up))
        await asyncio.sleep(0.03)
        assert not waiting.done()
        hang_up.set()
        return (await waiting).status

    began = monotonic()
    assert api.runner.run(wait_and_hang_up()) == 0
    assert monotonic() - began < 10


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [("50ms", 0.05), ("1s", 1), ("PT1S", 1), ("PT0.05S", 0.05), ("0s", 0), ("0", 0), ("0.05", 0.05), ("1", 1)],
)
def test_waiting_for_nothing_ends_in_an_empty_list(api: Api, wait: str, seconds: float) -> None:
    began = monotonic()
    assert api.call("admin.inbox", query={"wait": wait}).body == {"messages": []}
    assert monotonic() - began >= seconds


@outcome("admin.message", 200, "message")
def test_a_message_is_read_by_its_id(api: Api, sandbox: Found) -> None:
    send(sandbox(), subject="First")
    send(sandbox(), subject="Second")
    assert api.call("admin.message", path={"id": "2"}).body["subject"] == "Second"


@outcome("admin.message", 404, "no-such-message")
def test_a_message_that_is_not_there_is_404(api: Api) -> None:
    assert api.call("admin.message", path={"id": "7"}).body["detail"] == "There is no message 7 in this sandbox."


@outcome("admin.message", 400, "malformed")
@pytest.mark.parametrize("identifier", ["x", "0", "-1", "1.5", "1_0", " 1", "٣", "9" * 5000])
def test_an_id_is_a_whole_number_from_1(api: Api, identifier: str) -> None:
    answer = api.call("admin.message", path={"id": identifier})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "id")


@outcome("admin.empty_inbox", 204)
def test_an_emptied_inbox_goes_on_counting(api: Api, sandbox: Found) -> None:
    send(sandbox())
    assert api.call("admin.empty_inbox").status == 204
    assert api.call("admin.inbox").body == {"messages": []}
    send(sandbox())
    assert api.call("admin.inbox").body["messages"][0]["id"] == 2


def test_a_sandbox_whose_inbox_was_only_read_is_not_persisted(tmp_path: Path, runner: asyncio.Runner) -> None:
    def start() -> Built:
        return build(Options(hashing=Profile.FAST, data=tmp_path / "data"))

    first = start()
    assert Api(first, runner, "box").call("admin.inbox").status == 200
    first.imitated.sandboxes.persistence.close()
    second = start()
    assert [one.name for one in second.imitated.sandboxes] == []
    second.imitated.sandboxes.persistence.close()


def test_a_real_mail_arrives_there(api: Api) -> None:
    """From the request of a system to the inbox, over HTTP alone."""
    person = next(
        one for one in api.call("admin.people", query={"system": "weavr_multi"}).body["people"] if one["password"]
    )
    api.call("weavr_multi.start_lost_password", headers=person["headers"], body={"email": person["login"]})
    (found,) = api.call("admin.inbox", query={"to": person["login"], "wait": "1s"}).body["messages"]
    assert found["codes"]
