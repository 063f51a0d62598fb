"""What open pages are told, and that the parts which wait for something wait for what can be told."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

import orjson
import pytest

from tests.conftest import Api, People
from tests.console.conftest import ROOT
from watchword.build import Options, build
from watchword.domain.hashing import Profile

HOST = {"Host": "localhost:7070"}

CHANGES: dict[str, tuple[str, str, Any]] = {
    "clock": ("PUT", "/__admin/clock", {"action": "freeze"}),
    "dropped": ("DELETE", "/__admin/sandboxes/{sandbox}", None),
    "faults": ("POST", "/__admin/faults", {"fault": {"delay": {"fixed": "PT1S"}}}),
    "inbox": ("DELETE", "/__admin/inbox", None),
    "journal": ("DELETE", "/__admin/journal", None),
    "people": ("POST", "/__admin/people", {"system": "entrust", "name": "paula"}),
    "reset": ("POST", "/__admin/reset", None),
    "settings": ("PATCH", "/__admin/settings", {"zitadel": {}}),
    "snapshots": ("POST", "/__admin/snapshots", {}),
}
"""What is done from outside, by the word that it is told in."""
OTHERS = {"files", "gap", "mail", "made", "proposal", "request", "sandboxes"}
"""The words for what happens by itself, or elsewhere, or needs a proposal."""

Change = Callable[[], Awaitable[object]]


async def listen(api: Api, query: str, change: Change) -> list[list[str]]:
    """Open a page, let something happen, and give the pieces of news that came."""
    gone = asyncio.Event()
    told = asyncio.create_task(api.arequest("GET", f"{ROOT}/events{query}", headers=HOST, hang_up=gone))
    await turns()
    await change()
    await turns()
    gone.set()
    text = (await told).content.decode()
    return [orjson.loads(one) for one in re.findall(r"^event: news\nid: .*\ndata: (.*)$", text, re.M)]


async def turns() -> None:
    """Let the tasks of the event loop do what they can do at once."""
    for _ in range(20):
        await asyncio.sleep(0)


def told(api: Api, word: str, query: str = "") -> list[list[str]]:
    """Give what an open page is told of a change."""
    method, url, body = CHANGES[word]
    place = url.format(sandbox=api.sandbox)
    api.built.imitated.sandboxes.enter(api.sandbox or "")
    api.request("GET", "/v2/nowhere")  # which a cleared journal has no longer
    return api.runner.run(listen(api, query, lambda: api.arequest(method, place, json=body)))


def missed(api: Api, happen: Callable[[], object]) -> list[list[str]]:
    """Give what a page is told that was closed while something happened."""
    before = api.call("admin.events", query={"wait": "0s"}).content.decode().split("id: ")[-1].split("\n")[0]
    happen()
    return api.runner.run(listen(api, f"?since={before}", turns))


def forget_password(api: Api, people: People) -> None:
    dario = people["weavr_multi", "dario"]
    api.call("weavr_multi.start_lost_password", headers=dario.headers, body={"email": dario.login})


@pytest.mark.parametrize("word", CHANGES)
def test_open_pages_are_told_what_was_changed_from_outside(api: Api, word: str) -> None:
    assert told(api, word) == [[word]]


@pytest.mark.parametrize("word", CHANGES)
def test_a_page_of_requests_without_a_sandbox_is_told_what_was_changed_in_its_own(api: Api, word: str) -> None:
    assert told(api, word, "?scope=server") == [[word]]


def test_a_page_of_a_sandbox_that_was_dropped_while_nobody_saw_it_is_told_so_and_does_not_make_it(api: Api) -> None:
    assert api.runner.run(listen(api, "", turns)) == [["dropped"]]
    assert api.built.imitated.sandboxes.get(api.sandbox or "") is None


def test_a_page_that_waits_for_a_sandbox_is_told_when_there_is_one(api: Api) -> None:
    async def make() -> None:
        await api.arequest("PUT", "/__admin/clock", json={"action": "freeze"})

    assert api.runner.run(listen(api, "?missing=1", make)) == [["made"]]
    assert api.runner.run(listen(api, "?missing=1", turns)) == [["made"]]


def test_a_page_of_requests_without_a_sandbox_is_told_of_those_and_of_no_other_sandbox(api: Api) -> None:
    async def happen() -> None:
        await api.arequest("POST", "/__admin/reset", headers={"watchword-sandbox": "told-to-nobody"})
        await api.arequest("GET", "/v2/nowhere")
        await turns()
        await api.arequest("GET", "/nowhere", headers={"watchword-sandbox": "no name"})

    api.built.imitated.sandboxes.enter(api.sandbox or "")
    pieces = api.runner.run(listen(api, "?scope=server", happen))
    api.built.imitated.sandboxes.drop("told-to-nobody")
    assert pieces == [["request"]]


def test_the_page_of_sandboxes_is_told_of_others_too(api: Api) -> None:
    another = f"{api.sandbox}-another"

    async def make() -> None:
        await api.arequest("POST", "/__admin/sandboxes", json={"name": another})

    async def drop() -> None:
        await api.arequest("DELETE", f"/__admin/sandboxes/{another}")

    api.built.imitated.sandboxes.enter(api.sandbox or "")
    for happen in (make, drop):
        assert api.runner.run(listen(api, "?others=1", happen)) == [["sandboxes"]]
    assert told(api, "reset", "?others=1") == [["reset"]]


def test_pages_are_told_what_happened_at_one_moment_as_one_piece_of_news(api: Api, people: People) -> None:
    assert missed(api, lambda: forget_password(api, people)) == [["mail", "request"]]


def test_pages_are_told_of_requests_that_they_cannot_see_any_more(runner: asyncio.Runner) -> None:
    api = Api(build(Options(hashing=Profile.FAST, journal=1)), runner, None)

    def happen() -> None:
        for _ in range(3):
            api.request("GET", "/v2/nowhere")

    assert missed(api, happen) == [["gap", "request"]]


def test_whatever_pages_wait_for_can_be_told() -> None:
    window = files("watchword.console")
    templates = [one.read_text() for one in (window / "templates").iterdir()]
    script = (window / "static" / "console.js").read_text()
    parts = [word for text in templates for words in re.findall(r'data-on="([^"]*)"', text) for word in words.split()]
    pages = re.findall(r'told\.has\("([^"]*)"\)', script)
    assert parts
    assert pages
    assert {*parts, *pages} <= {*CHANGES, *OTHERS}
