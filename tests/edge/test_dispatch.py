"""The innermost step: to the handler, or to the document's examples; and security on the way."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import Toy, ask, built
from watchword.domain.refusal import Refusal, Unauthorized
from watchword.domain.secret import Secret
from watchword.edge.mock.prefer import usual_answer
from watchword.store import record
from watchword.system import Answer, Call

KNOWN = (
    "Prefer: only code=STATUS, example=NAME, delay=DURATION, fault=NAME, when=after and handling=strict are known here."
)
EXAMPLES = """
  /users:
    get:
      operationId: toy.users
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema: {type: array, items: {type: string}}
              examples: {nobody: {value: []}, two: {value: [ada, ben]}}
        '404':
          description: None.
          content:
            application/problem+json: {schema: {}, examples: {GONE: {value: {c: 1}}, NEVER: {value: {c: 2}}}}
        default: {description: Else., content: {application/json: {schema: {}, example: {error: x}}}}
    post:
      operationId: toy.add
      responses:
        '409': {description: There is one.}
        '201':
          description: Made.
          headers:
            Location: {required: true, schema: {type: string, format: uri}}
            X-Left: {required: true, schema: {type: integer}, example: 7}
            X-More: {schema: {type: string}}
            X-Far: {schema: {type: integer, minimum: 4}, examples: {far: {externalValue: https://example.com/far}}}
            X-Near: {schema: {type: integer}, examples: {far: {externalValue: https://x.example}, near: {value: 8}}}
            X-Whole: {schema: {allOf: [{type: integer, example: 9}]}}
          content:
            application/json:
              schema:
                type: object
                required: [id, password]
                properties:
                  id: {type: string, format: uuid}
                  age: {type: integer, minimum: 18}
                  password: {type: string, writeOnly: true}
    delete: {operationId: toy.remove, responses: {'204': {description: Gone.}}}
    patch: {operationId: toy.patch, responses: {4XX: {description: Never.}}}
    put: {operationId: toy.put, responses: {default: {description: Whatever.}}}
  /page:
    get:
      operationId: toy.page
      responses: {'200': {description: x, content: {text/plain: {example: "Hello ä"}}}}
"""


@pytest.fixture
def examples(tmp_path: Path) -> Toy:
    return built(tmp_path, EXAMPLES)


def test_an_operation_without_handler_is_answered_by_its_first_named_example(examples: Toy) -> None:
    reply = ask(examples, "GET", "/users")
    assert (reply.status, reply.json) == (200, [])
    assert reply.headers["content-type"] == "application/json"


def test_an_answer_out_of_the_document_says_so(examples: Toy) -> None:
    assert ask(examples, "GET", "/users").headers["watchword-answer"] == "example"
    assert ask(examples, "DELETE", "/users").headers["watchword-answer"] == "example"


def test_an_answer_of_a_handler_does_not(tmp_path: Path) -> None:
    handled = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=lambda _call: Answer(204)))
    assert "watchword-answer" not in ask(handled, "DELETE", "/users").headers


def test_without_examples_the_answer_is_made_from_the_schema(examples: Toy) -> None:
    reply = ask(examples, "POST", "/users")
    assert (reply.status, reply.json) == (201, {"id": "3f46c7ad-3f7a-416e-9bd8-3b8fd25c05b4", "age": 18})


def test_headers_that_the_document_requires_are_made_too(examples: Toy) -> None:
    headers = ask(examples, "POST", "/users").headers
    assert (headers["location"], headers["x-left"]) == ("https://example.com/", "7")
    assert "x-more" not in headers


def test_headers_with_an_example_are_sent_wherever_it_is(examples: Toy) -> None:
    headers = ask(examples, "POST", "/users").headers
    assert [headers[name] for name in ("x-far", "x-near", "x-whole")] == ["4", "8", "9"]


def test_an_answer_without_content_has_no_body(examples: Toy) -> None:
    reply = ask(examples, "DELETE", "/users")
    assert (reply.status, reply.content) == (204, b"")
    assert "content-type" not in reply.headers


def test_text_is_sent_as_text(examples: Toy) -> None:
    reply = ask(examples, "GET", "/page")
    assert (reply.headers["content-type"], reply.content.decode()) == ("text/plain", "Hello ä")


def test_answers_out_of_the_document_fit_the_document(examples: Toy) -> None:
    for method, path in (("GET", "/users"), ("POST", "/users"), ("DELETE", "/users"), ("GET", "/page")):
        ask(examples, method, path)
    assert len(examples.seen) == 4
    assert examples.differences() == []


@pytest.mark.parametrize(
    ("prefer", "status", "body", "applied"),
    [
        ("code=404", 404, {"c": 1}, "code=404"),
        ("example=two", 200, ["ada", "ben"], "example=two"),
        ("code=404, example=NEVER", 404, {"c": 2}, "code=404, example=NEVER"),
        ('code="404"; example="NEVER"', 404, {"c": 2}, "code=404, example=NEVER"),
        ("example=NEVER", 404, {"c": 2}, "example=NEVER"),
        ("code=404, example=two", 404, {"c": 1}, "code=404"),
        ("code=418", 418, {"error": "x"}, "code=418"),
        ("code=199", 200, [], None),
        ("code=600", 200, [], None),
        ("code=4XX", 200, [], None),
        ('Example="two", code=200', 200, ["ada", "ben"], "code=200, example=two"),
        ("code=default", 500, {"error": "x"}, "code=default"),
        ("return=minimal", 200, [], None),
        ("nonsense", 200, [], None),
        ("", 200, [], None),
    ],
)
def test_prefer_chooses_status_and_example(
    examples: Toy, prefer: str, status: int, body: Any, applied: str | None
) -> None:
    reply = ask(examples, "GET", "/users", headers={"Prefer": prefer})
    assert (reply.status, reply.json) == (status, body)
    assert reply.headers.get("preference-applied") == applied


@pytest.mark.parametrize(("method", "status"), [("PATCH", 400), ("PUT", 200)], ids=["4XX", "default"])
def test_a_range_stands_for_its_first_status_and_default_for_200(examples: Toy, method: str, status: int) -> None:
    assert ask(examples, method, "/users").status == status


def test_success_comes_first_whatever_the_order_of_the_document(examples: Toy) -> None:
    assert usual_answer(examples.served_api.example_answers["toy.add"]).status == 201


def test_a_wished_answer_that_is_declared_is_given_instead_of_running_the_handler(tmp_path: Path) -> None:
    called: list[str] = []

    def users(_call: Call) -> Answer:
        called.append("users")
        return Answer(200, ["cleo"])

    handled = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(users=users))
    reply = ask(handled, "GET", "/users", headers={"Prefer": "code=404, example=NEVER"})
    assert (reply.status, reply.json, called) == (404, {"c": 2}, [])
    assert reply.headers["preference-applied"] == "code=404, example=NEVER"
    assert reply.headers["watchword-answer"] == "example"
    assert handled.differences() == []


@pytest.mark.parametrize(
    ("prefer", "says"),
    [
        ("code=123", "Prefer: that code is not declared here. There are: 200, 404, default."),
        ("example=hidden", "Prefer: there is no such example here. There are: nobody, two, GONE, NEVER, example."),
        ("respond-async", KNOWN),
    ],
)
@pytest.mark.parametrize("refuses", [False, True])
def test_a_wish_that_is_unknown_is_told_and_the_handler_runs(
    tmp_path: Path, prefer: str, says: str, *, refuses: bool
) -> None:
    def users(_call: Call) -> Answer:
        if refuses:
            raise Unauthorized("No.", headers={"Watchword-Hint": "Before."})
        return Answer(200, ["cleo"])

    reply = ask(built(tmp_path, EXAMPLES, handlers=SimpleNamespace(users=users)), "GET", "/users",
                headers={"Prefer": prefer})  # fmt: skip
    assert reply.status == (401 if refuses else 200)
    assert reply.headers["watchword-hint"] == (f"Before. {says}" if refuses else says)
    assert "watchword-answer" not in reply.headers


def test_a_wish_that_is_unknown_is_told_by_an_operation_without_handler_too(examples: Toy) -> None:
    headers = ask(examples, "GET", "/users", headers={"Prefer": "code=404, example=hidden, wait=5"}).headers
    assert headers["watchword-hint"] == (f"{KNOWN} Prefer: there is no such example here. There are: GONE, NEVER.")


SECURED = """
  /open: {get: {operationId: toy.open, security: [], responses: {'204': {description: x}}}}
  /key: {get: {operationId: toy.key, security: [{key: []}], responses: {'204': {description: x}}}}
  /both: {get: {operationId: toy.both, security: [{key: [], token: []}], responses: {'204': {description: x}}}}
  /either: {get: {operationId: toy.either, security: [{key: []}, {token: []}], responses: {'204': {description: x}}}}
  /maybe: {get: {operationId: toy.maybe, security: [{}, {key: []}], responses: {'204': {description: x}}}}
  /digest: {get: {operationId: toy.digest, security: [{digest: []}], responses: {'204': {description: x}}}}
  /ticket: {get: {operationId: toy.ticket, security: [{ticket: []}], responses: {'204': {description: x}}}}
  /biscuit: {get: {operationId: toy.biscuit, security: [{biscuit: []}], responses: {'204': {description: x}}}}
"""


@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        ("/open", {}, 204),
        ("/key", {}, 401),
        ("/key", {"X-Key": "anything"}, 204),
        ("/key", {"Authorization": "anything"}, 401),
        ("/both", {"X-Key": "k"}, 401),
        ("/both", {"Authorization": "Bearer t"}, 401),
        ("/both", {"X-Key": "k", "Authorization": "Bearer t"}, 204),
        ("/either", {}, 401),
        ("/either", {"X-Key": "k"}, 204),
        ("/either", {"Authorization": "Bearer t"}, 204),
        ("/maybe", {}, 204),
        ("/digest", {}, 401),
        ("/digest", {"Authorization": "Digest d"}, 204),
        ("/ticket", {}, 401),
        ("/ticket?ticket=t", {}, 204),
        ("/ticket?other=t", {"Authorization": "t"}, 401),
        ("/biscuit", {}, 401),
        ("/biscuit", {"Cookie": "a=b; biscuit=c"}, 204),
        ("/biscuit", {"Cookie": "a=b"}, 401),
    ],
)
def test_a_scheme_that_only_the_document_knows_wants_to_see_something(
    tmp_path: Path, url: str, headers: dict[str, str], status: int
) -> None:
    assert ask(built(tmp_path, SECURED), "GET", url, headers=headers).status == status


def test_missing_credentials_are_refused_in_the_systems_envelope_with_the_scheme(tmp_path: Path) -> None:
    reply = ask(built(tmp_path, SECURED), "GET", "/key")
    assert reply.json == {"toy": "unauthorized", "says": "Credentials for key are missing."}


def key(_call: Call, credential: Secret | None) -> str:
    if credential is None:
        raise Unauthorized("Where is the key?")
    if credential != Secret("sesame"):
        raise Unauthorized("Not this key.")
    return "ada"


def token(call: Call, credential: Secret | None) -> str:
    return f"{call.callers.get('key')} with {credential.revealed if credential else None}"


VERIFIED = {"verifiers": {"key": key, "token": token}}


def who(call: Call) -> Answer:
    return Answer(200, dict(call.callers))


@pytest.mark.parametrize(
    ("headers", "says"),
    [({}, "Where is the key?"), ({"X-Key": "wrong"}, "Not this key."), ({"X-Key": ""}, "Not this key.")],
)
def test_a_verifier_gets_the_raw_value_and_may_refuse(tmp_path: Path, headers: dict[str, str], says: str) -> None:
    reply = ask(built(tmp_path, SECURED, **VERIFIED), "GET", "/key", headers=headers)
    assert (reply.status, reply.json["says"]) == (401, says)


def test_a_handler_learns_who_calls_from_every_verifier_in_turn(tmp_path: Path) -> None:
    server = built(tmp_path, SECURED, handlers=SimpleNamespace(both=who), **VERIFIED)
    reply = ask(server, "GET", "/both", headers={"X-Key": "sesame", "Authorization": "Bearer t"})
    assert reply.json == {"key": "ada", "token": "ada with Bearer t"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Key": "sesame"}, 204),
        ({"X-Key": "wrong", "Authorization": "Bearer t"}, 204),
        ({"X-Key": "wrong"}, 401),
        ({}, 401),
    ],
)
def test_of_several_alternatives_one_is_enough(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    assert ask(built(tmp_path, SECURED, verifiers={"key": key}), "GET", "/either", headers=headers).status == status


def test_a_bug_in_a_verifier_is_500_in_the_systems_envelope(tmp_path: Path) -> None:
    server = built(tmp_path, SECURED, verifiers={"key": lambda _call, _credential: 1 / 0})
    assert ask(server, "GET", "/key").json["toy"] == "internal"


class Wrong(Refusal):
    """409."""

    status, code = 409, "WRONG"


def test_refusals_come_out_of_a_handler_returned_or_raised(tmp_path: Path) -> None:
    def remove(_call: Call) -> Answer:
        raise Wrong("Raised.")

    def add(_call: Call) -> Refusal:
        return Wrong("Returned.", headers={"X-More": "1"})

    server = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=remove, add=add))
    raised, returned = ask(server, "DELETE", "/users"), ask(server, "POST", "/users")
    assert (raised.status, raised.json) == (409, {"toy": "WRONG", "says": "Raised."})
    assert (returned.status, returned.json) == (409, {"toy": "WRONG", "says": "Returned."})
    assert returned.headers["x-more"] == "1"


def test_an_asynchronous_handler_is_awaited(tmp_path: Path) -> None:
    async def remove(call: Call) -> Answer:
        return Answer(200, call.sandbox)

    server = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=remove))
    assert ask(server, "DELETE", "/~box/users").json == "box"


@record("toy_visits", key="id")
@dataclass(frozen=True)
class Visit:
    """Something for asynchronous handlers to write."""

    id: str


def visits(server: Toy) -> list[Visit]:
    return server.served_api.sandboxes.enter("default").store.transaction().find(Visit)


def test_what_an_asynchronous_handler_writes_is_committed_and_its_mails_are_sent(tmp_path: Path) -> None:
    async def remove(call: Call) -> Answer:
        await asyncio.sleep(0)
        call.tx.put(Visit("ada"))
        call.outbox.mail(to="ada@example.com", subject="Hello", text="Text")
        return Answer(204)

    server = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=remove))
    ask(server, "DELETE", "/users")
    assert visits(server) == [Visit("ada")]
    (message,) = server.served_api.sandboxes.enter("default").mailbox
    assert message.subject == "Hello"


def test_a_refusal_that_an_asynchronous_handler_returns_is_committed_and_one_that_it_raises_is_not(
    tmp_path: Path,
) -> None:
    async def remove(call: Call) -> Refusal:
        call.tx.put(Visit("returned"))
        return Wrong("Returned.")

    async def add(call: Call) -> Answer:
        call.tx.put(Visit("raised"))
        raise Wrong("Raised.")

    server = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=remove, add=add))
    assert ask(server, "DELETE", "/users").json == {"toy": "WRONG", "says": "Returned."}
    assert ask(server, "POST", "/users").json == {"toy": "WRONG", "says": "Raised."}
    assert visits(server) == [Visit("returned")]


def test_an_asynchronous_handler_runs_again_if_what_it_read_has_changed(tmp_path: Path) -> None:
    seen: list[int] = []

    async def remove(call: Call) -> Answer:
        seen.append(len(call.tx.find(Visit)))
        if len(seen) == 1:
            other = server.served_api.sandboxes.enter("default").store.transaction()
            other.put(Visit("in between"))
            assert other.commit()
        call.tx.put(Visit("mine"))
        return Answer(204)

    server = built(tmp_path, EXAMPLES, handlers=SimpleNamespace(remove=remove))
    ask(server, "DELETE", "/users")
    assert seen == [0, 1]
    assert len(visits(server)) == 2
