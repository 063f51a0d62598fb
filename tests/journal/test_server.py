"""The journal of a server as a whole: its bounds, and what belongs to no sandbox."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.client import Api
from tests.conftest import START
from tests.outcomes import outcome
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def serve(runner: asyncio.Runner, **options: int) -> tuple[Built, Api]:
    built = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, **{"journal": 5, **options}))  # type: ignore[arg-type]
    return built, Api(built, runner, None)


def test_the_journal_holds_so_many_requests_over_all_sandboxes(runner: asyncio.Runner) -> None:
    built, api = serve(runner)
    for number in range(12):
        api.request("GET", f"/~box-{number % 3}/nowhere")
    assert built.journal is not None
    assert len(built.journal) == 5
    assert api.request("GET", "/~box-2/__admin/journal").body["total"] == 2


def test_the_journal_keeps_so_many_bytes(runner: asyncio.Runner) -> None:
    built, api = serve(runner, journal=1000, journal_bytes=1024 * 1024)
    for _ in range(30):
        api.request("POST", "/multi/passwords/validate", content=b" " * 100_000)
    assert built.journal is not None
    assert 5 <= len(built.journal) <= 10


def test_the_journal_keeps_what_a_request_did_and_not_the_means(runner: asyncio.Runner) -> None:
    built, api = serve(runner)
    api.request("POST", "/multi/passwords/validate", content=b"{}")
    assert built.journal is not None
    (captured,) = built.journal.newest_first("default")
    assert captured.acted
    assert captured.exchange is not None
    assert (captured.exchange.begun, captured.exchange.receive) == (None, None)


def test_an_entry_is_made_for_its_first_reader_and_stays_the_same(runner: asyncio.Runner) -> None:
    built, api = serve(runner)
    api.request("GET", "/nowhere")
    assert built.journal is not None
    (first,) = built.journal.newest_first(None)
    assert built.journal.get(first.number) is first
    assert built.journal.after(0, "default") == [first]


def test_whoever_goes_through_the_entries_gets_none_that_is_forgotten_meanwhile(runner: asyncio.Runner) -> None:
    built, api = serve(runner)
    for _ in range(3):
        api.request("GET", "/nowhere")
    assert built.journal is not None
    entries = built.journal.newest_first("default")
    newest = next(entries).number
    built.journal.remove([newest - 1])
    assert [one.number for one in entries] == [newest - 2]


def test_requests_share_the_texts_that_are_the_same(runner: asyncio.Runner) -> None:
    built, api = serve(runner)
    for word in ("validate", "validate"):
        api.request("POST", f"/multi/passwords/{word}", json={})
    assert built.journal is not None
    one, other = (captured.exchange for captured in built.journal.newest_first(None))
    assert one is not None
    assert other is not None
    assert one.path is other.path
    assert one.root_url is other.root_url


def test_what_has_no_sandbox_is_in_the_journal_of_the_server(runner: asyncio.Runner) -> None:
    _, api = serve(runner)
    api.request("GET", "/nowhere", headers={"watchword-sandbox": "no name"})
    assert api.request("GET", "/__admin/journal").body["entries"] == []
    (entry,) = api.request("GET", "/__admin/journal?scope=server").body["entries"]
    assert (entry["sandbox"], entry["response"]["status"], entry["code"]) == (None, 400, "invalid-sandbox-name")
    assert api.request("GET", "/__admin/journal?scope=all").body["total"] == 1


def test_a_preflight_is_noted(runner: asyncio.Runner) -> None:
    _, api = serve(runner)
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}
    api.request("OPTIONS", "/~page/multi/passwords/validate", headers=asked)
    (entry,) = api.request("GET", "/~page/__admin/journal").body["entries"]
    assert (entry["request"]["method"], entry["request"]["url"]) == ("OPTIONS", "/multi/passwords/validate")
    assert entry["request"]["headers"]["origin"] == "http://localhost:3000"
    assert entry["response"]["headers"]["access-control-allow-origin"] == "http://localhost:3000"


def test_a_preflight_that_is_refused_without_a_word_shows_that_nothing_is_allowed(runner: asyncio.Runner) -> None:
    _, api = serve(runner)
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "BREW"}
    api.request("OPTIONS", "/~page/v2/sessions", headers=asked)
    (entry,) = api.request("GET", "/~page/__admin/journal").body["entries"]
    assert entry["response"]["status"] == 204
    assert "vary" in entry["response"]["headers"]
    assert not any(name.startswith("access-control-allow") for name in entry["response"]["headers"])


def test_control_calls_are_noted_on_demand(runner: asyncio.Runner) -> None:
    _, api = serve(runner, journal_control_calls=True)
    api.request("GET", "/__admin/clock")
    assert [one["operation"] for one in api.request("GET", "/__admin/journal").body["entries"]] == ["admin.clock"]


@outcome("admin.journal", 404, "journal-off")
@outcome("admin.clear_journal", 404, "journal-off")
@outcome("admin.entry", 404, "journal-off")
@outcome("admin.explain_entry", 404, "journal-off")
@outcome("admin.verify", 404, "journal-off")
def test_without_a_journal_its_operations_say_so(runner: asyncio.Runner) -> None:
    built, api = serve(runner, journal=0)
    assert built.journal is None
    assert "watchword-why" not in api.request("GET", "/nowhere").headers
    for method, path in (
        ("GET", "/__admin/journal"),
        ("DELETE", "/__admin/journal"),
        ("GET", "/__admin/journal/last"),
        ("GET", "/__admin/journal/last/explain"),
        ("POST", "/__admin/verify"),
    ):
        answer = api.request(method, path, json={} if method == "POST" else None)
        assert (answer.status, answer.body["code"]) == (404, "journal-off")


def test_a_wait_ends_with_the_first_entry(runner: asyncio.Runner) -> None:
    _, api = serve(runner)

    async def both() -> int:
        waiting = asyncio.create_task(api.arequest("GET", "/__admin/journal?wait=30s"))
        await asyncio.sleep(0)
        await api.arequest("GET", "/nowhere")
        return len((await waiting).body["entries"])

    assert runner.run(both()) == 1


def test_a_client_that_hangs_up_is_noted_as_such(runner: asyncio.Runner) -> None:
    _, api = serve(runner, journal_control_calls=True)

    async def abandoned() -> None:
        gone = asyncio.Event()
        gone.set()
        await api.arequest("GET", "/__admin/inbox?wait=30s", hang_up=gone)

    runner.run(abandoned())
    (entry,) = api.request("GET", "/__admin/journal").body["entries"]
    assert (entry["aborted"], entry["response"]["status"], entry["decidedBy"]) == (True, 0, None)


def test_calls_of_the_control_api_are_no_refusals_unless_they_are_refused(runner: asyncio.Runner) -> None:
    _, api = serve(runner, journal_control_calls=True)
    for path in ("people", "journal", "journal/last/explain", "people/zitadel/nobody"):
        api.request("GET", f"/__admin/{path}")
    answer = api.request("GET", "/__admin/journal")
    assert answer.status == 200
    assert [one["code"] for one in answer.body["entries"]] == ["no-such-person", None, None, None]
    last = answer.body["entries"][0]["id"]
    sentence = api.request("GET", f"/__admin/journal/{last}/explain").body["sentence"]
    assert sentence.startswith("404 no-such-person: ")
    assert "nothing was refused" not in sentence


def test_a_call_of_the_control_api_under_a_bad_name_is_noted_on_demand_only(runner: asyncio.Runner) -> None:
    _, api = serve(runner)
    assert api.request("GET", "/__admin/people", headers={"watchword-sandbox": "no name"}).status == 400
    assert api.request("GET", "/__admin/journal?scope=server").body["entries"] == []
    for path in ("/__admin", "/~no%20name/__admin/people", "/~.../__admin"):
        answer = api.request("GET", path, headers={"watchword-sandbox": "no name"})
        assert (answer.status, "watchword-why" in answer.headers) == (400, False)
    assert api.request("GET", "/__admin/journal?scope=server").body["entries"] == []


def test_a_preflight_of_a_call_of_the_control_api_is_noted_on_demand_only(runner: asyncio.Runner) -> None:
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "PUT"}
    for noted in (False, True):
        _, api = serve(runner, journal_control_calls=noted)
        api.request("OPTIONS", "/~page/__admin/clock", headers=asked)
        assert len(api.request("GET", "/~page/__admin/journal").body["entries"]) == noted


@pytest.mark.parametrize("base", ["/multi", "/~no%20name/multi"])
def test_a_bad_name_of_a_sandbox_is_explained_where_the_answer_says(runner: asyncio.Runner, base: str) -> None:
    _, api = serve(runner)
    answer = api.request("GET", f"{base}/nowhere", headers={"watchword-sandbox": "no name"})
    explained = api.request("GET", answer.headers["watchword-why"]).body
    assert explained["sentence"].startswith("400 invalid-sandbox-name: No sandbox can be called so")
