"""The ASGI application: every request enters and leaves here."""

import asyncio
import gc
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import NOON, Toy, api_of, ask, ask_among_others, built, scope_of, served, toy
from watchword.domain.refusal import Refusal
from watchword.domain.rule import ASSUMED, rule
from watchword.edge.asgi import EdgeApp
from watchword.edge.exchange import Exchange
from watchword.edge.observers import Observer
from watchword.edge.pipeline import Pipeline
from watchword.sandbox import Sandbox
from watchword.store import record
from watchword.system import Answer, Asked, Call

PATHS = """
  /hits:
    get: {operationId: toy.hits, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
    post: {operationId: toy.hit, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
    delete: {operationId: toy.fail, responses: {'204': {description: x}}}
"""


@record("toy_hits", key="id")
@dataclass(frozen=True)
class Hits:
    id: str = "hits"
    count: int = 0


def hits(call: Call) -> Answer:
    return Answer(200, (call.tx.get(Hits, "hits") or Hits()).count)


def hit(call: Call) -> Answer:
    before = call.tx.get(Hits, "hits") or Hits()
    call.tx.put(replace(before, count=before.count + 1))
    return Answer(200, before.count + 1)


HANDLERS = {"hits": hits, "hit": hit, "fail": lambda _call: Answer(204)}


def serving(folder: Path, *, options: dict[str, Any] | None = None, **handlers: Any) -> Toy:
    system = toy(handlers=SimpleNamespace(**{**HANDLERS, **handlers}))
    return served(api_of(folder, PATHS, system, capacity=3), **(options or {}))


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return serving(tmp_path)


def in_sandbox(name: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Watchword-Sandbox": name}}


def test_sandboxes_do_not_see_each_other(server: Toy) -> None:
    for _ in range(3):
        ask(server, "POST", "/hits", **in_sandbox("one"))
    ask(server, "POST", "/hits", **in_sandbox("other"))
    counts = [ask(server, "GET", "/hits", **in_sandbox(name)).json for name in ("one", "other", "default")]
    assert counts == [3, 1, 0]


def test_a_request_without_a_sandbox_is_one_to_the_default(server: Toy) -> None:
    ask(server, "POST", "/hits")
    assert ask(server, "GET", "/hits", **in_sandbox("default")).json == 1


def test_a_sandbox_may_stand_in_the_path_instead_of_the_header(server: Toy) -> None:
    ask(server, "POST", "/~box-1/hits")
    assert ask(server, "GET", "/hits", **in_sandbox("box-1")).json == 1


def test_the_path_goes_before_the_header(server: Toy) -> None:
    ask(server, "POST", "/~box-1/hits", **in_sandbox("other"))
    assert ask(server, "GET", "/~box-1/hits").json == 1


@pytest.mark.parametrize("url", ["/hits", "/~Secret*42/hits"])
def test_what_cannot_be_the_name_of_a_sandbox_is_not_repeated(server: Toy, url: str) -> None:
    reply = ask(server, "POST", url, headers={"Watchword-Sandbox": "Secret*42"})
    assert reply.status == 400
    assert b"Secret" not in reply.content
    assert "1 to 64 letters" in reply.json["detail"]


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "a" * 65, "ä", "~", "a\n", "<script>", "a,b"], ids=repr)
def test_a_bad_name_of_a_sandbox_is_a_400_of_our_own(server: Toy, name: str) -> None:
    reply = ask(server, "GET", "/hits", **in_sandbox(name))
    assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
    assert reply.json["status"] == 400
    assert "1 to 64 letters, digits, dots, dashes and underscores" in reply.json["detail"]
    assert list(server.served_api.sandboxes) == []


@pytest.mark.parametrize("name", ["a", "A.b_c-9", "a" * 64, "0"])
def test_other_names_are_fine(server: Toy, name: str) -> None:
    assert ask(server, "GET", "/hits", **in_sandbox(name)).status == 200


@pytest.mark.parametrize("path", ["/~", "/~/hits", "/~%20/hits"])
def test_a_bad_name_in_the_path_is_one_too(server: Toy, path: str) -> None:
    assert ask(server, "GET", path).status == 400


def test_one_sandbox_too_many_is_a_503_of_our_own(server: Toy) -> None:
    for name in ("one", "two", "three"):
        assert ask(server, "GET", "/hits", **in_sandbox(name)).status == 200
        server.served_api.sandboxes.enter(name).empty_mailbox()
    reply = ask(server, "GET", "/hits", **in_sandbox("four"))
    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    assert reply.json["detail"] == "There are 3 sandboxes already; delete some first."
    assert ask(server, "GET", "/hits", **in_sandbox("one")).status == 200


def test_requests_at_once_are_answered_one_by_one(server: Toy) -> None:
    async def many() -> list[int]:
        replies = await asyncio.gather(*(ask_among_others(server.app, "POST", "/hits") for _ in range(50)))
        return [reply.json for reply in replies]

    assert sorted(asyncio.run(many())) == list(range(1, 51))


SECRET = "Correct-horse-7"


def broken(_call: Call) -> Answer:
    raise ValueError(f"cannot use {SECRET}")


def test_a_bug_is_500_in_the_systems_envelope_with_a_reference_into_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reply = ask(serving(tmp_path, hits=broken), "GET", "/hits")
    assert (reply.status, reply.json["toy"]) == (500, "internal")
    (logged,) = [one for one in caplog.messages if one.startswith("internal error")]
    reference = logged.split()[2].rstrip(":")
    assert reply.json["says"] == f"Internal error, reference {reference}."
    assert "ValueError" in logged
    assert "in broken" in logged


def test_neither_log_nor_answer_repeats_the_words_of_a_bug(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reply = ask(serving(tmp_path, hits=broken), "GET", "/hits")
    assert SECRET not in f"{caplog.text} {reply.content!r} {reply.headers}"


def test_after_a_bug_the_server_goes_on(tmp_path: Path) -> None:
    server = serving(tmp_path, hits=broken)
    assert ask(server, "GET", "/hits").status == 500
    assert ask(server, "POST", "/hits").json == 1


async def finished(work: Awaitable[None]) -> None:
    await work


class Failed(Refusal):
    """409."""

    status, code = 409, "FAILED"


def test_a_returned_refusal_is_kept_and_a_raised_one_rolled_back(tmp_path: Path) -> None:
    def returned(call: Call) -> Refusal:
        hit(call)
        return Failed()

    def raised(call: Call) -> Answer:
        hit(call)
        raise Failed

    server = serving(tmp_path, hit=returned, fail=raised)
    assert [ask(server, method, "/hits").status for method in ("POST", "DELETE", "POST")] == [409] * 3
    assert ask(server, "GET", "/hits").json == 2


def test_headers_of_a_refusal_are_sent_unless_the_envelope_has_them(tmp_path: Path) -> None:
    def fail(_call: Call) -> Answer:
        raise Failed(headers={"X-One": "refusal", "X-Two": "refusal"})

    system = toy(
        handlers=SimpleNamespace(hits=fail), render=lambda one, _settings: Answer(one.status, {}, {"X-Two": "envelope"})
    )
    reply = ask(served(api_of(tmp_path, PATHS, system)), "GET", "/hits")
    assert (reply.headers["x-one"], reply.headers["x-two"]) == ("refusal", "envelope")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a\r\nSet-Cookie: b=c", "a??Set-Cookie: b=c"),
        ("a\nb\0c\x7f", "a?b?c?"),
        ("ä🔑", "??"),
        ("plain", "plain"),
    ],
)
def test_no_header_can_become_two(tmp_path: Path, value: str, sent: str) -> None:
    reply = ask(serving(tmp_path, hits=lambda _call: Answer(200, 1, {"X-Echo": value})), "GET", "/hits")
    assert reply.headers["x-echo"] == sent
    assert sorted(reply.names) == ["content-length", "content-type", "x-echo"]


def test_nothing_a_client_sends_makes_a_header_of_its_own(server: Toy) -> None:
    for url in ("/hits%0D%0AX-Evil:%201", "/~a%0D%0AX-Evil:%201/hits", "/hits?a=%0D%0AX-Evil:%201"):
        for method in ("GET", "PUT"):
            assert "x-evil" not in ask(server, method, url).names


def test_head_is_get_without_the_body(server: Toy) -> None:
    get, head = ask(server, "GET", "/hits"), ask(server, "HEAD", "/hits")
    assert (head.status, head.content) == (200, b"")
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.content) == 1


def test_head_of_an_unknown_path_has_no_body_either(server: Toy) -> None:
    reply = ask(server, "HEAD", "/nothing")
    assert (reply.status, reply.content) == (404, b"")


@pytest.mark.parametrize(
    ("answer", "content", "content_type", "length"),
    [
        (Answer(200, {"a": "ä"}), b'{"a":"\xc3\xa4"}', "application/json", "10"),
        (Answer(200, b"raw", {"Content-Type": "image/png"}), b"raw", "image/png", "3"),
        (Answer(200, "text"), b'"text"', "application/json", "6"),
        (Answer(200, None), b"", None, "0"),
        (Answer(204, None), b"", None, None),
        (Answer(200, {}, {"Content-Type": "application/x+json"}), b"{}", "application/x+json", "2"),
    ],
)
def test_a_body_is_sent_as_what_it_is(
    tmp_path: Path, answer: Answer, content: bytes, content_type: str | None, length: str | None
) -> None:
    reply = ask(serving(tmp_path, hits=lambda _call: answer), "GET", "/hits")
    assert reply.content == content
    assert (reply.headers.get("content-type"), reply.headers.get("content-length")) == (content_type, length)


def test_a_header_that_stands_twice_is_joined_by_commas(tmp_path: Path) -> None:
    server = serving(tmp_path, hits=lambda call: Answer(200, call.headers["x-a"]))
    scope = scope_of("GET", "/hits", {"Content-Length": "0", "X-A": "1"})
    scope["headers"].append((b"x-a", b"2"))
    answered: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(finished(server.app(scope, receive, send)))
    assert answered[1]["body"] == b'"1,2"'


def test_a_system_completes_every_answer_at_the_very_end(tmp_path: Path) -> None:
    def complete(answer: Answer, asked: Asked) -> Answer:
        name = asked.operation.id if asked.operation else "none"
        return replace(answer, headers={**answer.headers, "Date-Here": f"{asked.now:%H:%M}", "Operation": name})

    server = built(tmp_path, PATHS, handlers=SimpleNamespace(hits=hits, hit=broken), complete=complete)
    for method, path, name in (
        ("GET", "/hits", "toy.hits"),
        ("POST", "/hits", "toy.hit"),
        ("GET", "/nothing", "none"),
        ("PATCH", "/hits", "none"),
    ):
        headers = ask(server, method, path).headers
        assert (headers["date-here"], headers["operation"]) == ("12:00", name)


def slow(_call: Call) -> Answer:
    return Answer(200, 1, {"Watchword-Answer": "x"}, delay=timedelta(seconds=0.05))


def took(server: Toy) -> float:
    async def measured() -> float:
        clock = asyncio.get_running_loop().time
        before = clock()
        await ask_among_others(server.app, "GET", "/hits")
        return clock() - before

    return asyncio.run(measured())


def test_an_answer_that_takes_time_takes_it(tmp_path: Path) -> None:
    assert took(serving(tmp_path, hits=slow)) >= 0.05


def test_a_refusal_that_takes_time_takes_it(tmp_path: Path) -> None:
    def fail(_call: Call) -> Answer:
        raise Failed(delay=timedelta(seconds=0.05))

    assert took(serving(tmp_path, hits=fail)) >= 0.05


def test_nobody_waits_while_the_clock_stands(tmp_path: Path) -> None:
    server = serving(tmp_path, hits=lambda _call: Answer(200, 1, delay=timedelta(hours=1)))
    server.served_api.sandboxes.enter("default").clock.freeze()
    assert took(server) < 5


def test_headers_of_our_own_can_be_left_out(tmp_path: Path) -> None:
    for handlers in ({"hits": lambda _call: Answer(200, 1, {"Watchword-Hint": "x", "X-Other": "y"})}, {"hits": slow}):
        server = serving(tmp_path, options={"extra_headers": False}, **handlers)
        names = ask(server, "GET", "/hits").names
        assert [name for name in names if name.startswith("watchword")] == []
    assert "watchword-answer" in ask(serving(tmp_path, hits=slow), "GET", "/hits").names


def test_a_page_is_answered_beside_the_document(tmp_path: Path) -> None:
    class Page:
        def has(self, path: str, _sandbox: Sandbox) -> bool:
            return path == "/docs"

        async def __call__(self, _exchange: Exchange) -> Answer:
            return Answer(200, b"<html>", {"Content-Type": "text/html"})

    server = serving(tmp_path, options={"pages": Page()})
    assert ask(server, "GET", "/docs").content == b"<html>"
    assert ask(server, "GET", "/~box/docs").content == b"<html>"
    assert ask(server, "GET", "/hits").json == 0


def test_without_a_control_api_its_paths_say_so(server: Toy) -> None:
    reply = ask(server, "GET", "/__admin/people")
    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
    assert reply.json["detail"] == "The control API is switched off (--disable-admin-api)."


def test_the_control_api_is_another_api_over_the_same_sandboxes(tmp_path: Path) -> None:
    imitated = api_of(tmp_path, PATHS, toy(handlers=SimpleNamespace(**HANDLERS)))
    paths = """
  /__admin/hits:
    get: {operationId: boss.hits, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
"""
    boss = toy(name="boss", handlers=SimpleNamespace(hits=lambda call: Answer(200, [call.sandbox, hits(call).body])))
    (tmp_path / "admin").mkdir()
    admin = replace(api_of(tmp_path / "admin", paths, boss), sandboxes=imitated.sandboxes, controls=True)
    both = EdgeApp(Pipeline(imitated), admin=Pipeline(admin))
    ask(both, "POST", "/~box/hits")
    assert ask(both, "GET", "/~box/__admin/hits").json == ["box", 1]
    assert ask(both, "GET", "/__admin/hits").json == ["default", 0]
    assert ask(both, "GET", "/__adminhits").status == 404


def test_every_request_is_logged_without_what_it_brought(server: Toy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    headers = {"Authorization": SECRET, "Watchword-Sandbox": "box"}
    ask(server, "POST", f"/hits?password={SECRET}", content=SECRET.encode(), headers=headers)
    (line,) = [one for one in caplog.records if one.name == "watchword.request"]
    assert line.getMessage() == "POST /hits 200 toy sandbox=box"
    assert {name: vars(line)[name] for name in ("operation", "sandbox", "status")} == {
        "operation": "toy.hit",
        "sandbox": "box",
        "status": 200,
    }
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/hits/Secret!%0AWord%1B[31m/nothing", "/hits/*/nothing"),
        ("/", "/"),
        ("/multi/passwords/updte", "/multi/passwords/updte"),
        ("/api/v3/web_app/.well-known/index.html", "/api/v3/web_app/.well-known/index.html"),
        ("/toy.v2.Toys/Hit", "/toy.v2.Toys/Hit"),
        ("/hits/269629023906488501/quiet-river-42", "/hits/*/*"),
        ("/hits/V3ryS3cure!/v1secret/v12345", "/hits/*/*/*"),
        (f"/{'x' * 32}/{'x' * 33}", f"/{'x' * 32}/*"),
        ("/hits/ada@multi.example/%C3%A4", "/hits/*/*"),
    ],
)
def test_of_an_unknown_path_the_log_and_the_answer_show_words_and_no_values(
    server: Toy, caplog: pytest.LogCaptureFixture, path: str, shown: str
) -> None:
    caplog.set_level(logging.INFO)
    assert f"There is no GET {shown} here." in ask(server, "GET", path).json["says"]
    (line,) = [one for one in caplog.messages if one.startswith("GET")]
    assert line == f"GET {shown} 404 toy"


def test_a_method_that_is_not_a_word_is_not_logged(server: Toy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask(server, "GET\x1b[31m", "/nothing")
    (line,) = [one for one in caplog.messages if "/nothing" in one]
    assert line == "* /nothing 404 toy"


def test_the_values_in_a_known_path_are_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    path = """
  /hits/{name}:
    get:
      operationId: toy.hits
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: x, content: {application/json: {schema: {}}}}}
"""
    server = built(tmp_path, path, handlers=SimpleNamespace(hits=hits))
    assert ask(server, "GET", f"/hits/{SECRET}").status == 200
    (line,) = [one for one in caplog.messages if one.startswith("GET")]
    assert line == "GET /hits/{name} 200 toy"


def test_a_server_that_starts_and_stops_is_told_that_all_is_well(server: Toy) -> None:
    heard = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    said: list[str] = []

    async def receive() -> Any:
        return next(heard)

    async def send(message: Any) -> None:
        said.append(message["type"])

    asyncio.run(finished(server.app({"type": "lifespan"}, receive, send)))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_websocket_is_closed(server: Toy) -> None:
    said: list[str] = []

    async def send(message: Any) -> None:
        said.append(message["type"])

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(finished(server.app({"type": "websocket", "path": "/hits", "headers": []}, receive, send)))
    assert said == ["websocket.close"]


def test_the_time_of_a_call_is_the_sandboxs(tmp_path: Path) -> None:
    server = serving(tmp_path, hits=lambda call: Answer(200, call.now.isoformat()))
    server.served_api.sandboxes.enter("box").clock.set(NOON + timedelta(days=90), frozen=True)
    assert ask(server, "GET", "/~box/hits").json == "2026-04-15T12:00:00+00:00"
    assert ask(server, "GET", "/hits").json == "2026-01-15T12:00:00+00:00"


@rule("toy.hits.limit", ASSUMED, "for these tests")
def check_hits(count: int) -> None:
    """Two hits are enough."""
    if count >= 2:
        raise Failed


def limited(call: Call) -> Answer:
    check_hits((call.tx.get(Hits, "hits") or Hits()).count)
    return hit(call)


def test_a_rule_that_is_switched_off_in_one_sandbox_holds_in_the_others(tmp_path: Path) -> None:
    server = serving(tmp_path, hit=limited)
    server.served_api.sandboxes.enter("lax").rules.switch_off("toy.hits.limit")
    assert [ask(server, "POST", "/~lax/hits").status for _ in range(3)] == [200, 200, 200]
    assert [ask(server, "POST", "/~strict/hits").status for _ in range(3)] == [200, 200, 409]


def test_observers_are_told_in_their_order_about_every_finished_exchange(tmp_path: Path) -> None:
    seen: list[tuple[str, str, int]] = []

    def observer(name: str) -> Observer:
        return lambda exchange, answer, _violations: seen.append((name, exchange.path, answer.status))

    server = serving(tmp_path, options={"observers": (observer("one"), observer("two"))})
    ask(server, "GET", "/hits")
    ask(server, "GET", "/nothing")
    assert seen == [("one", "/hits", 200), ("two", "/hits", 200), ("one", "/nothing", 404), ("two", "/nothing", 404)]


def test_observers_are_told_about_a_page_too_which_no_system_answers(tmp_path: Path) -> None:
    class Pages:
        def has(self, path: str, _sandbox: Sandbox) -> bool:
            return path == "/page"

        async def __call__(self, _exchange: Exchange) -> Answer:
            return Answer(200, b"page")

    server = serving(tmp_path, options={"pages": Pages()})
    ask(server, "GET", "/page")
    ((exchange, answer, found),) = server.seen
    assert (exchange.system, answer.status, found) == (None, 200, [])


def test_which_rules_were_asked_is_recorded_if_observers_want_to_know(tmp_path: Path) -> None:
    for wanted in (True, False):
        server = serving(tmp_path, options={"record_rules": wanted}, hit=limited)
        ask(server, "POST", "/hits")
        ((exchange, _, _),) = server.seen
        asked = None if exchange.record is None else [(one.rule.id, one.values) for one in exchange.record.asked]
        assert asked == ([("toy.hits.limit", {"count": 0})] if wanted else None)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_request_leaves_memory_with_its_answer_and_does_not_wait_for_the_garbage_collector(
    tmp_path: Path, *, recorded: bool
) -> None:
    server = serving(tmp_path, options={"record_rules": recorded}, hit=limited)
    gc.collect()
    before = {id(one): one for one in gc.get_objects() if isinstance(one, Exchange)}
    gc.disable()
    try:
        statuses = [ask(server, "POST", "/hits").status for _ in range(3)]
        server.seen.clear()
        left = [one for one in gc.get_objects() if isinstance(one, Exchange) and id(one) not in before]
    finally:
        gc.enable()
    assert (statuses, left) == ([200, 200, 409], [])
