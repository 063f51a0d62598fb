"""What `GET /__admin/events` tells, and when."""

import asyncio
from typing import Any

import orjson
import pytest

from tests.conftest import Api, People
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.domain.hashing import Profile

HOUR = {"action": "advance", "by": "PT1H"}


def read(content: bytes) -> list[dict[str, Any]]:
    """Read the events of a stream, as the standard has it."""
    events = []
    for block in content.decode().split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n") if line and not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if "data" in fields:
            events.append({**fields, "data": orjson.loads(fields["data"])})
    return events


def now(api: Api, **query: str) -> str:
    """The place after everything that has happened so far."""
    content = api.call("admin.events", query={"wait": "0s", **query}).content.decode()
    return content.split("id: ")[-1].split("\n")[0]


def since(api: Api, place: str, **query: str) -> list[dict[str, Any]]:
    return read(api.call("admin.events", query={"wait": "0s", "since": place, **query}).content)


def forget_password(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})


@outcome("admin.events", 200, "clock")
def test_a_change_of_the_clock_is_told_while_it_happens(api: Api) -> None:
    async def story() -> bytes:
        answering = asyncio.create_task(api.arequest("GET", "/__admin/events?wait=250ms"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await api.arequest("PUT", "/__admin/clock", json=HOUR)
        return (await answering).content

    (event,) = read(api.runner.run(story()))
    assert (event["event"], event["data"]) == ("sandbox", {"name": api.sandbox, "what": "clock"})


def test_it_is_a_stream_that_nobody_stores(api: Api) -> None:
    answer = api.call("admin.events", query={"wait": "0s"})
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert "content-length" not in answer.headers
    assert answer.content.startswith(b"retry: 1000\nid: ")
    assert api.request("HEAD", "/__admin/events").content == b""


def test_a_request_is_told_as_the_journal_has_it_and_its_mail_as_the_inbox_does(api: Api, people: People) -> None:
    start = now(api)
    forget_password(api, people)
    request, mail = since(api, start)
    assert (request["event"], mail["event"]) == ("request", "mail")
    assert request["data"] == api.call("admin.journal").body["entries"][0]
    assert mail["data"] == api.call("admin.inbox").body["messages"][0]


def test_a_client_that_comes_again_gets_what_it_has_missed(api: Api, people: People) -> None:
    start = now(api)
    forget_password(api, people)
    api.request("GET", "/v2/nowhere")
    first, second, mail = since(api, start)
    later = read(api.request("GET", "/__admin/events?wait=0s", headers={"Last-Event-ID": first["id"]}).content)
    assert [one["id"] for one in later] == [second["id"], mail["id"]]
    assert since(api, mail["id"]) == []
    assert (
        read(
            api.request("GET", f"/__admin/events?wait=0s&since={start}", headers={"Last-Event-ID": mail["id"]}).content
        )
        == []
    )


def test_another_sandbox_is_not_told_of(api: Api, people: People) -> None:
    start = now(api)
    forget_password(api, people)
    other = api.request("GET", f"/__admin/events?wait=0s&since={start}", headers={"watchword-sandbox": "other"})
    assert read(other.content) == []


def test_the_server_tells_of_requests_without_a_sandbox_and_of_all_sandboxes(api: Api) -> None:
    async def story() -> bytes:
        answering = asyncio.create_task(api.arequest("GET", "/__admin/events?scope=server&wait=250ms"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await api.arequest("GET", "/nowhere", headers={"watchword-sandbox": "no name"})
        await api.arequest("POST", "/__admin/sandboxes", json={"name": "told-of"})
        return (await answering).content

    told = [(one["event"], one["data"].get("what")) for one in read(api.runner.run(story()))]
    api.call("admin.drop_sandbox", path={"name": "told-of"})
    assert told == [("request", None), ("sandbox", "made")]


def test_mails_are_told_after_a_reset_too(api: Api, people: People) -> None:
    forget_password(api, people)
    forget_password(api, people)
    start = now(api)
    api.call("admin.reset")
    forget_password(api, people)
    assert [one["data"]["id"] for one in since(api, start) if one["event"] == "mail"] == [1]


@pytest.mark.parametrize("place", ["yesterday", "11572b3c-1", "11572b3c-1-0-0", "11572b3c-1-" + "9" * 40])
@outcome("admin.events", 400, "malformed")
def test_an_id_of_nothing_is_refused(api: Api, place: str) -> None:
    answer = api.call("admin.events", query={"since": place})
    assert answer.body["errors"][0]["problem"] == "must be the id of an event"
    assert api.request("GET", "/__admin/events", headers={"Last-Event-ID": place}).status == 400


def test_requests_that_the_journal_has_dropped_are_a_gap(runner: asyncio.Runner) -> None:
    built = build(Options(hashing=Profile.FAST, journal=3))
    api = Api(built, runner, None)
    start = now(api)
    for _ in range(5):
        api.request("GET", "/v2/nowhere")
    assert [one["event"] for one in since(api, start)] == ["gap", "request", "request", "request"]


def test_an_id_of_another_start_tells_everything_that_is_held(runner: asyncio.Runner) -> None:
    api = Api(build(Options(hashing=Profile.FAST, journal=10)), runner, None)
    api.request("GET", "/v2/nowhere")
    assert [one["event"] for one in since(api, "00000000-99-99")] == ["request"]


def test_without_a_journal_mails_are_told(runner: asyncio.Runner, people: People) -> None:
    api = Api(build(Options(hashing=Profile.FAST)), runner, None)
    start = now(api)
    forget_password(api, people)
    assert [one["event"] for one in since(api, start)] == ["mail"]
