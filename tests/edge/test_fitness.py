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

from tests.goldens.replay import Case, cases, play, server
from watchword.build import load_document
from watchword.document import Document, Operation
from watchword.document.path_templates import compile_template
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
LATER: Mapping[str, tuple[str, str]] = {
    **{
        f"zitadel.list_users{suffix}": (
            f"/{version}/users",
            '{"queries":[{"loginNameQuery":{"loginName":"mini@mouse.example"}}],"query":{"limit":1}}',
        )
        for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
    },
    "zitadel.lock_user": (f"/v2/users/{MINI}/lock", "{}"),
    "zitadel.unlock_user": (f"/v2/users/{LARS}/unlock", "{}"),
    "zitadel.deactivate_user": (f"/v2/users/{MINI}/deactivate", "{}"),
    "zitadel.reactivate_user": (f"/v2/users/{DORA}/reactivate", "{}"),
}
"""The path and the body of a success of operations that came after the recording, called by otto."""

Change = tuple[str, str]
"""What happens to a field (``remove``, or the type that it gets), and the field's name."""


@cache
def original() -> Document:
    return load_document()


@cache
def successes() -> Mapping[str, Case]:
    """Choose the shortest recorded case of every operation that has a body and succeeds over REST."""
    found: dict[str, Case] = {name: later(*request) for name, request in LATER.items()}
    for case in cases():
        for identifier, status, _, protocol in case["reaches"]:
            known = original().operations.get(identifier)
            if protocol == "rest" and status < 300 and known is not None and known.body_schema is not None:
                cut = up_to_success(case, known)
                if cut and (identifier not in found or len(cut) < len(found[identifier]["steps"])):
                    found[identifier] = {**case, "steps": cut}
    return found


def later(path: str, body: str) -> Case:
    """Make a case of one request, in the form of the recorded ones."""
    headers = [["authorization", "Bearer watchword-otto-personal-access-token"], ["content-type", JSON]]
    request = {"method": "POST", "path": path, "rawPath": path, "query": "", "httpVersion": "1.1", "headers": headers}
    answer = {"status": 200, "headers": [], "body": "", "trailers": None}
    step = {"request": {**request, "client": "127.0.0.1", "trailers": False, "body": body}, "answer": answer}
    return {"name": path, "reaches": [], "steps": [step]}


def up_to_success(case: Case, operation: Operation) -> list[Any]:
    """Give the steps of *case* up to the first success of *operation*; none if its requests look otherwise."""
    template = compile_template(operation.path)
    for number, step in enumerate(case["steps"]):
        request = step.get("request")
        if (
            request
            and request["method"] == operation.method
            and template.match(request["path"])
            and step["answer"]["status"] < 300
            and request["body"]
        ):
            return list(case["steps"][: number + 1])
    return []


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
