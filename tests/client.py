"""A client of a server in process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson

from watchword.build import Built


@dataclass(frozen=True)
class Response:
    """What a client sees."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)


class Api:
    """
    A client of the server in process.

    Args:
        sandbox: The name that is sent with every request; None for no name.
    """

    def __init__(self, built: Built, runner: asyncio.Runner, sandbox: str | None) -> None:
        self.built, self.runner, self.sandbox = built, runner, sandbox

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call an operation of the document by its id."""
        served_api = self.built.admin if operation.startswith("admin.") else self.built.imitated
        assert served_api is not None
        described = served_api.document.operations[operation]
        url = described.path
        for name, value in (path or {}).items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        if query:
            url = f"{url}?{urlencode(query)}"
        return self.request(described.method, url, json=body, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request."""
        return self.runner.run(self.arequest(method, url, json=json, content=content, headers=headers))

    async def arequest(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        hang_up: asyncio.Event | None = None,
    ) -> Response:
        """
        Send one request from inside the event loop, for many at once.

        Args:
            hang_up: Ends the connection when it is set; the status is then 0 if there was no answer.
        """
        body = content if content is not None else b"" if json is None else orjson.dumps(json)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if json is not None:
            sent.setdefault("content-type", "application/json")
        if self.sandbox is not None:
            sent.setdefault("watchword-sandbox", self.sandbox)
        sent.setdefault("content-length", str(len(body)))
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 7070),
        }
        pending = [{"type": "http.request", "body": body, "more_body": False}]
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not pending:
                await (hang_up or asyncio.Event()).wait()
                return {"type": "http.disconnect"}
            return pending.pop()

        async def send(message: Any) -> None:
            messages.append(message)

        await self.built.app(scope, receive, send)
        if not messages:
            return Response(0, None, {})
        raw = b"".join(message.get("body", b"") for message in messages)
        answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in messages[0]["headers"]}
        is_json = "json" in answered.get("content-type", "")
        return Response(messages[0]["status"], orjson.loads(raw) if raw and is_json else None, answered, raw)
