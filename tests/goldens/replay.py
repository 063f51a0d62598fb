"""Send recorded requests again, and give the answers in the form in which they were recorded."""

import asyncio
import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.conftest import START
from tests.goldens.sequence import OneSequence
from watchword.build import Built, Options, build
from watchword.cli.serve import serve
from watchword.domain.hashing import Profile
from watchword.sandbox import SandboxLimitReached

FOLDER = Path(__file__).parent
RANDOM_SEED = 42

Case = Mapping[str, Any]
Text = str | Mapping[str, str]


def cases() -> Iterator[Case]:
    """Read all cases."""
    with gzip.open(FOLDER / "answers.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def server(**options: Any) -> Built:
    """Build a server as it was when the answers were recorded."""
    recorded: dict[str, Any] = {"random_seed": RANDOM_SEED, "new_chances": OneSequence}
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, **recorded, **options))


def sandbox_of(case: Case) -> str:
    """Name the sandbox that a case plays in."""
    sent = (pair for step in case["steps"] if "request" in step for pair in step["request"]["headers"])
    return next((value for name, value in sent if name == "watchword-sandbox"), "default")


def play(built: Built, runner: asyncio.Runner, case: Case) -> Iterator[tuple[Any, Any]]:
    """Play *case* in a fresh sandbox; yield each answer as it is and as it should be."""
    name, sandboxes = sandbox_of(case), built.imitated.sandboxes
    sandboxes.drop(name)
    # When the answers were recorded, a sandbox began with its first request, even if that was refused.
    with suppress(ValueError, SandboxLimitReached):
        _held = sandboxes.visit(name)
    for step in case["steps"]:
        if "advance" in step:
            sandboxes.enter(name).clock.advance(timedelta(seconds=step["advance"]))
        elif "settings" in step:
            sandboxes.enter(name).change_settings(step["settings"])
        else:
            yield runner.run(answered(built, step["request"])), step["answer"]
    sandboxes.drop(name)


async def answered(built: Built, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send one request."""
    client = request["client"]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": request["httpVersion"],
        "method": request["method"],
        "scheme": "http",
        "path": request["path"],
        "raw_path": request["rawPath"].encode("latin-1"),
        "root_path": "",
        "query_string": request["query"].encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request["headers"]],
        "client": None if client is None else (client, 50000),
        "server": ("127.0.0.1", 7070),
        "extensions": {"http.response.trailers": {}} if request["trailers"] else {},
    }
    pending = [{"type": "http.request", "body": _bytes(request["body"]), "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        if pending:
            return pending.pop()
        await asyncio.sleep(3600)
        raise AssertionError("nothing more comes")

    async def send(message: Any) -> None:
        sent.append(message)

    await built.app(scope, receive, send)
    heads = [one for one in sent if one["type"] == "http.response.start"]
    trailers = [one for one in sent if one["type"] == "http.response.trailers"]
    body = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return {
        "status": heads[0]["status"],
        "headers": _pairs(heads[0]["headers"]),
        "body": _text(body),
        "trailers": _pairs(trailers[0]["headers"]) if trailers else None,
    }


def _bytes(text: Text) -> bytes:
    return text.encode() if isinstance(text, str) else b64decode(text["base64"])


def _text(raw: bytes) -> Text:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(raw).decode()}


def _pairs(headers: Any) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def surface(built: Built) -> dict[str, Any]:
    """List the flags of ``watchword serve``, and the shapes of the settings without their descriptions."""
    flags = [
        {
            "name": one.name,
            "flags": [*one.opts, *one.secondary_opts],
            "envvar": one.envvar,
            "default": one.default if isinstance(one.default, int | float | str | None) else None,
            "multiple": getattr(one, "multiple", False),
        }
        for one in serve.params
    ]
    models = {one.name: one.settings_model.model_json_schema() for one in built.imitated.sandboxes.systems}
    return {"flags": flags, "settings": _without_descriptions(models)}


def _without_descriptions(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: _without_descriptions(value)
            for name, value in node.items()
            if name != "description" or isinstance(value, dict)
        }
    return [_without_descriptions(item) for item in node] if isinstance(node, list) else node
