"""Hostile paths, sandbox names and headers."""

from collections.abc import Mapping

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import CANARY, JSON, RESUME, SET, UPDATE, VALIDATE, Sender, Target, problem
from tests.hostile.wire import head, whole

EVIL = "%0d%0aX-Evil:%20yes%0d%0a%0d%0a<b>"
UNKNOWN: Mapping[str, str] = {
    "up": "/../passwords/validate",
    "up, encoded": "/%2e%2e/passwords/validate",
    "up to a file": "/../../../../etc/passwd",
    "up from the control API": "/__admin/../passwords/validate",
    "up from a sandbox": "/~box/../__admin/health",
    "sandbox in a sandbox": "/~box/~other/passwords/validate",
    "additional slash": "/passwords//validate",
    "additional slash at the start": "//passwords/validate",
    "additional slash, encoded": "/%2Fpasswords/validate",
    "slash at the end": "/passwords/validate/",
    "slash in a parameter": "/passwords/1/2/create",
    "slash between segments, encoded": "/passwords%2F1/create",
    "parameter in a segment": "/passwords/validate;x=1",
    "backslash": "/passwords%5Cvalidate",
    "line feeds": f"/passwords/{EVIL}",
    "NUL": "/passwords/validate%00",
    "invalid UTF-8": "/%ff%fe%c0%af",
    "incomplete percent escape": "/passwords/%z",
    "many segments": "/a" * 30_000,
    "similar to a known path": "/passwords/lost" * 4000,
    "long": "/" + "a" * 60_000,
}


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in UNKNOWN.items()])
def test_an_unknown_path_is_answered_404(victim: Victim, path: str) -> None:
    reply = victim.ask(whole("POST", path, [JSON], b"{}"))
    assert reply.status == 404
    assert len(reply.raw) < 3000
    assert b"\r\nX-Evil" not in reply.raw


@pytest.mark.parametrize("name", ["..%2f..%2fbuild.py", "%2e%2e/start.html", "../openapi.json", "/etc/passwd", "%00"])
def test_only_files_of_the_reference_pages_are_served(victim: Victim, name: str) -> None:
    reply = victim.ask(whole("GET", f"/docs/{name}"))
    assert reply.status == 404
    assert problem(reply)


def test_a_path_that_is_too_long_is_refused(victim: Victim) -> None:
    assert victim.ask(whole("POST", "/" + "a" * 70_000, [JSON], b"{}")).status == 431


@pytest.mark.parametrize(
    "name", ["", "..", ".", "%2e%2e", "-", "a" * 65, "a%0a", f"a{EVIL}", "a%00", "%ff", "a%2F..", "\\", "<script>"]
)
def test_an_invalid_name_in_the_path_creates_no_sandbox(victim: Victim, name: str) -> None:
    reply = victim.ask(whole("GET", f"/~{name}/__admin/health"))
    assert reply.status in (400, 404)
    assert b"\r\nX-Evil" not in reply.raw
    names = [one["name"] for one in victim.ask(whole("GET", "/__admin/sandboxes")).json["sandboxes"]]
    assert all(name.replace("-", "").isalnum() for name in names)


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "a" * 65, "a,b", "\xff", "../../x", "a\tb"])
def test_an_invalid_name_in_the_header_is_refused(victim: Victim, name: str) -> None:
    reply = victim.ask(whole("GET", "/__admin/health", [("Watchword-Sandbox", name)]))
    assert reply.status == 400
    assert problem(reply)


def test_two_sandbox_headers_are_refused(victim: Victim) -> None:
    two = [("Watchword-Sandbox", "one"), ("Watchword-Sandbox", "two")]
    assert victim.ask(head("GET", "/__admin/health", two)).status == 400


@pytest.mark.parametrize(
    "identifier", ["%00", "%0a", EVIL, "%ff", "..", "%", "9" * 60_000, "%F0%9F%90%A6", "'", "{id}", "1%2F2"]
)
def test_hostile_identifiers_find_nobody(victim: Victim, sender: Sender, identifier: str) -> None:
    key, _ = sender.credentials(UPDATE)
    create = whole("POST", f"/passwords/{identifier}/create", [key, JSON], b'{"password":{"value":"Lantern-8-moss"}}')
    reply = victim.ask(create)
    assert reply.status == (404 if identifier.isdigit() else 400)
    assert b"\r\nX-Evil" not in reply.raw
    view = whole("GET", f"/api/web/v1/users/{identifier}/passwords", sender.credentials(VALIDATE))
    assert victim.ask(view).status == 400
    assert victim.ask(whole("GET", f"/__admin/inbox/{identifier}")).status == 400


@pytest.mark.parametrize(
    "header",
    ["Accept", "Accept-Language", "Accept-Encoding", "Prefer", "Origin", "User-Agent", "X-Zitadel-Orgid", "Cookie",
     "X-Forwarded-For", "X-Forwarded-Prefix", "Forwarded", "If-None-Match", "Range", "Idempotency-Ref"],
)  # fmt: skip
@pytest.mark.parametrize(
    "value", ["", EVIL, "\xff\xfe", "=" * 1000, "x" * 50_000, "a=b;" * 10_000, 'code=999, example="', "*/*;q=9e999"],
    ids=["empty", "line feeds", "bytes", "signs", "long", "many parts", "wish", "weight"],
)  # fmt: skip
def test_hostile_headers_do_not_change_the_answer(victim: Victim, sender: Sender, header: str, value: str) -> None:
    reply = victim.ask(sender.request(UPDATE, UPDATE.body(), [JSON, (header, value)]))
    assert UPDATE.agrees(reply, "accepted")
    assert b"\r\nX-Evil" not in reply.raw


@pytest.mark.parametrize("target", [pytest.param(one, id=one.system) for one in (UPDATE, RESUME, SET, VALIDATE)])
def test_credentials_that_are_sent_twice_are_refused(victim: Victim, sender: Sender, target: Target) -> None:
    name, value = sender.credentials(target)[0]
    reply = victim.ask(sender.request(target, target.body(), [JSON, (name, value)]))
    assert target.agrees(reply, 401)
    reply = victim.ask(sender.request(target, target.body(), [JSON, (name, CANARY)]))
    assert target.agrees(reply, 401)


@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_headers_that_are_too_long_are_refused(victim: Victim, size: int) -> None:
    reply = victim.ask(head("GET", "/__admin/health", [("X-A", (CANARY * size)[:size])]))
    assert (reply.status, reply.headers["connection"]) == (431, "close")
    assert problem(reply)


def test_many_headers_are_accepted_up_to_the_same_length(victim: Victim) -> None:
    assert victim.ask(head("GET", "/__admin/health", [(f"X-{number}", "") for number in range(3000)])).status == 200
    assert victim.ask(head("GET", "/__admin/health", [("X-A", "") for _ in range(30_000)])).status == 431


def test_a_long_query_is_accepted(victim: Victim, sender: Sender) -> None:
    query = "&".join(f"{CANARY}=%ff%0d%0a{number}" for number in range(1000))
    reply = victim.ask(whole("GET", f"/__admin/requests?{query}"))
    assert reply.status == 200
