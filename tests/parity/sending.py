"""Sends a recorded request over its protocol, and gives the answer in the form in which answers were recorded."""

from collections.abc import Mapping
from typing import Any

from tests.parity.stage import HOST, Stage

Sent = Mapping[str, Any]
Expected = Mapping[str, Any]
Pair = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What was recorded and what is answered, as far as both say the same."""

_NOTED = {"verificationCode": "code", "sessionToken": "token", "sessionId": "sessionId", "access_token": "access"}
"""What later steps may name, by the fields of answers."""


def headers_of(stage: Stage, sent: Sent, *, http2: bool = False) -> dict[str, str]:
    """Make the headers of a request; HTTP/1.1 takes off what is blank around a value, and Go's HTTP/2 does not."""
    headers = {"host": HOST, "watchword-sandbox": stage.name}
    if "contentType" in sent:
        headers["content-type"] = sent["contentType"]
    if "authorization" in sent:
        headers["authorization"] = stage.bindings.fill_known(sent["authorization"])
    elif sent.get("caller"):
        headers["authorization"] = f"Bearer {stage.tokens[sent['caller']]}"
    headers |= {name.lower(): stage.bindings.fill(value) for name, value in sent.get("headers", {}).items()}
    return headers if http2 else {name: value.strip(" \t") for name, value in headers.items()}


def content_of(stage: Stage, body: Any) -> bytes:
    """Make the bytes of a body: JSON with blanks, as the recorder sent it, because texts of errors count columns."""
    if body is None:
        return b""
    if isinstance(body, dict) and set(body) == {"latin1"}:
        return str(body["latin1"]).encode("latin-1")
    filled = stage.bindings.fill(body)
    return filled.encode() if isinstance(filled, str) else stage.as_json(filled)


def remember(stage: Stage, body: Any) -> None:
    """Keep what later steps may name."""
    for field, name in _NOTED.items():
        if isinstance(body, dict) and isinstance(body.get(field), str):
            stage.bindings.note(name, body[field])


def known(expected: Expected, got: Mapping[str, Any]) -> Pair:
    """Pair an answer with as much of the recorded one as it tells."""
    return {name: expected.get(name) for name in got}, got


def send_rest(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send a request over REST."""
    answer = stage.api.request(
        sent["method"],
        stage.bindings.fill_known(sent["path"]),
        content=content_of(stage, sent.get("body")),
        headers=headers_of(stage, sent),
    )
    got: dict[str, Any] = {"status": answer.status, "headers": dict(answer.headers)}
    text = answer.content.decode("latin-1")
    if "text" in expected:
        got["text"] = text
    elif sent["method"] != "HEAD":
        got["body"] = text if answer.body is None and text else answer.body
    remember(stage, answer.body)
    return known(expected, got)
