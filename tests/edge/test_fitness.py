"""Handlers declare all that they read: whatever an overlay does to a request, no answer is a bug of ours."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.goldens.replay import Case, answered, cases, play, server
from tests.openapi.reading import served
from watchword.described import load_document
from watchword.document import Document
from watchword.document.references import inline_references
from watchword.edge.asgi import EdgeApp
from watchword.edge.overlay_report import Stage, report
from watchword.edge.pipeline import Pipeline
from watchword.edge.served_api import ServedApi
from watchword.systems import SYSTEMS

IMITATED = {one.name: one for one in SYSTEMS}
JSON = "application/json"
OTHER_TYPES: Mapping[str, Any] = {"integer": 7, "object": {"a": 1}}

MINI, LARS, DORA = "269629023906488501", "269629023906488508", "269629023906488509"
OTTO = (("authorization", "Bearer watchword-otto-personal-access-token"),)
MULTI_KEY = (("api-key", "skUJoEhWDfCaEFazHNm6jY8C1RIH=="),)
PAYMENT_RUN_KEY = (("api-key", "sk8TyONvS7eLNZp6JYN8IDDY32t9=="),)
INVITED = '"inviteCode":"123456"'
PASSWORD = '"password":{"value":"Quiet-river-42"}'
SESSION = "{session}"
"""Stands for the id of a session that was started before."""
Request = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""Method, path, body and headers."""
LATER: Mapping[str, Request] = {
    **{
        f"zitadel.list_users{suffix}": (
            "POST",
            f"/{version}/users",
            '{"queries":[{"loginNameQuery":{"loginName":"mini@mouse.example"}}],"query":{"limit":1}}',
            OTTO,
        )
        for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
    },
    "zitadel.lock_user": ("POST", f"/v2/users/{MINI}/lock", "{}", OTTO),
    "zitadel.unlock_user": ("POST", f"/v2/users/{LARS}/unlock", "{}", OTTO),
    "zitadel.deactivate_user": ("POST", f"/v2/users/{MINI}/deactivate", "{}", OTTO),
    "zitadel.reactivate_user": ("POST", f"/v2/users/{DORA}/reactivate", "{}", OTTO),
    "zitadel.create_session_v2beta": ("POST", "/v2beta/sessions", "{}", OTTO),
    **{
        f"zitadel.{name}{suffix}": (method, f"/{version}/sessions/{last}", body, OTTO)
        for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
        for name, method, last, body in (
            ("list_sessions", "POST", "search", '{"query":{"limit":1}}'),
            ("set_session", "PATCH", SESSION, '{"metadata":{"a":"YQ=="}}'),
            ("delete_session", "DELETE", SESSION, '{"sessionToken":""}'),
        )
    },
    "weavr_multi.validate_invite": (
        "POST",
        "/multi/users/111046735423062036/invite/validate",
        f"{{{INVITED}}}",
        MULTI_KEY,
    ),
    "weavr_multi.consume_invite": (
        "POST",
        "/multi/users/111046735423062036/invite/consume",
        f"{{{INVITED},{PASSWORD}}}",
        MULTI_KEY,
    ),
    "weavr_payment_run.validate_invite": (
        "POST",
        "/v1/users/110747174435618873/invite/validate",
        f"{{{INVITED}}}",
        PAYMENT_RUN_KEY,
    ),
    "weavr_payment_run.consume_invite": (
        "POST",
        "/v1/users/110747174435618873/invite/consume",
        f"{{{INVITED},{PASSWORD}}}",
        PAYMENT_RUN_KEY,
    ),
}
"""A success of the operations that came after the recording."""

Change = tuple[str, str]
"""What happens to a field (``remove``, or the type that it gets), and the field's name."""


@cache
def original() -> Document:
    return load_document()


@cache
def successes() -> Mapping[str, Case]:
    """Choose the shortest recorded case of every operation that has a body and succeeds over REST."""
    found: dict[str, Case] = {name: later(*request) for name, request in LATER.items()}
    nearest = served("systems").nearest
    for case in cases():
        for number, step in enumerate(case["steps"]):
            request = step.get("request")
            if request is None or step["answer"]["status"] >= 300 or not request["body"]:
                continue
            cut = {**case, "steps": list(case["steps"][: number + 1])}
            for known in nearest.at(request["path"]):
                shorter = known.id not in found or len(cut["steps"]) < len(found[known.id]["steps"])
                if known.method == request["method"] and known.body_schema is not None and shorter:
                    found[known.id] = cut
    return found


def later(method: str, path: str, body: str, headers: tuple[tuple[str, str], ...]) -> Case:
    """Make a case of one request, in the form of the recorded ones; with one before if it needs a session."""
    steps = []
    if SESSION in path:
        steps.append(_step("POST", "/v2/sessions", "{}", headers))
        with asyncio.Runner() as runner:
            started = runner.run(answered(server(), steps[0]["request"]))
        path = path.replace(SESSION, json.loads(started["body"])["sessionId"])
    return {"name": path, "reaches": [], "steps": [*steps, _step(method, path, body, headers)]}


def _step(method: str, path: str, body: str, headers: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    sent = [*map(list, headers), ["content-type", JSON]]
    request = {"method": method, "path": path, "rawPath": path, "query": "", "httpVersion": "1.1", "headers": sent}
    answer = {"status": 200, "headers": [], "body": "", "trailers": None}
    return {"request": {**request, "client": "127.0.0.1", "trailers": False, "body": body}, "answer": answer}


def fields(schema: Any, prefix: str = "", depth: int = 3) -> Iterator[str]:
    """List the fields of a schema, inner ones with the names of the outer ones before them."""
    for name, inner in schema.get("properties", {}).items() if isinstance(schema, dict) and depth else ():
        yield f"{prefix}{name}"
        yield from fields(inner, f"{prefix}{name}.", depth - 1)


def changes(operation: str) -> list[Change]:
    schema = original().operations[operation].body_schema
    return [(kind, name) for name in fields(schema) for kind in ("remove", *OTHER_TYPES)]


def changed_schema(schema: Any, name: str, kind: str) -> Any:
    first, _, rest = name.partition(".")
    properties = dict(schema["properties"])
    if rest:
        properties[first] = changed_schema(properties[first], rest, kind)
    elif kind == "remove":
        del properties[first]
    else:
        properties[first] = {"type": kind}
    required = [one for one in schema.get("required", ()) if one in properties]
    return (
        {**schema, "properties": properties, "required": required}
        if required
        else {key: value for key, value in {**schema, "properties": properties}.items() if key != "required"}
    )


def changed_body(body: Any, name: str, kind: str) -> Any:
    first, _, rest = name.partition(".")
    if not isinstance(body, dict):
        return body
    if rest:
        return {**body, first: changed_body(body.get(first, {}), rest, kind)}
    if kind == "remove":
        return {key: value for key, value in body.items() if key != first}
    return {**body, first: OTHER_TYPES[kind]}


def test_every_handler_that_reads_a_body_has_a_recorded_success() -> None:
    handled = {one.id for one in original().operations.values() if IMITATED[one.system].handler(one.id)}
    assert {one for one in handled if original().operations[one].body_schema is not None} - set(successes()) == set()


@pytest.mark.parametrize("number", range(max(len(changes(name)) for name in successes())))
def test_a_handler_that_does_not_fit_is_noticed_before_it_fails(number: int) -> None:
    content = deepcopy(original().content)
    sent = {identifier: changes(identifier)[number] for identifier in successes() if number < len(changes(identifier))}
    for identifier, (kind, name) in sent.items():
        operation = original().operations[identifier]
        schema = changed_schema(inline_references(content, operation.body_schema), name, kind)
        body = {"content": {one: {"schema": schema} for one in operation.accepts}, "required": operation.body_required}
        content["paths"][operation.path][operation.method.lower()]["requestBody"] = body
    document = Document(content, original().systems)
    overlays = report([Stage("", original()), Stage("changed", document)], IMITATED, ())
    built = server()
    api = ServedApi(document, IMITATED, built.imitated.sandboxes, overlays=overlays)
    changed = replace(built, app=EdgeApp(Pipeline(api), extra_headers=False), imitated=api)
    failed: list[str] = []
    with asyncio.Runner() as runner:
        for identifier, (kind, name) in sent.items():
            *_, (answer, _) = play(changed, runner, with_change(successes()[identifier], name, kind))
            if answer["status"] == 500:
                failed.append(f"{identifier} with {name} {kind}: {answer}")
    assert failed == []


def with_change(case: Case, name: str, kind: str) -> Case:
    """Change the body of the last request."""
    steps = deepcopy(case["steps"])
    request = steps[-1]["request"]
    if "form" in dict(request["headers"])["content-type"]:
        request["body"] = urlencode(changed_body(dict(parse_qsl(request["body"])), name, kind))
    else:
        request["body"] = json.dumps(changed_body(json.loads(request["body"]), name, kind))
    request["headers"] = [one for one in request["headers"] if one[0] != "content-length"]
    return {**case, "steps": steps}
