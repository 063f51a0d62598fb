"""The journal as an HTTP Archive (HAR 1.2), which browsers' developer tools open."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from watchword import __version__

_UNKNOWN = -1
"""HAR's word for a size or a time that is not known."""
Json = Mapping[str, Any]


def archive(entries: Sequence[Json], root_url: str) -> dict[str, Any]:
    """
    Write entries of the journal, oldest first, as an archive.

    Args:
        entries: As the control API lists them: masked.
        root_url: The address of the server, without a slash at its end.
    """
    creator = {"name": "watchword", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(one, root_url) for one in entries]}}


def _prefix(sandbox: str | None) -> str:
    """Give the path that leads to a sandbox, so that a request can be sent again from its address alone."""
    return "" if sandbox in (None, "", "default") else f"/~{sandbox}"


def _entry(one: Json, root_url: str) -> dict[str, Any]:
    request, response, spent = one["request"], one["response"], one["durationMs"]
    return {
        "startedDateTime": one["receivedAt"],
        "time": spent,
        "request": {
            "method": request["method"],
            "url": f"{root_url}{_prefix(one['sandbox'])}{request['url']}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(request["headers"]),
            "queryString": _pairs(request["query"]),
            "headersSize": _UNKNOWN,
            "bodySize": _UNKNOWN,
            **_post_data(request),
        },
        "response": {
            "status": response["status"],
            "statusText": _phrase(response["status"]),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(response["headers"]),
            "content": _content(response),
            "redirectURL": response["headers"].get("location", ""),
            "headersSize": _UNKNOWN,
            "bodySize": _UNKNOWN,
        },
        "cache": {},
        "timings": {"send": 0, "wait": spent, "receive": 0},
        "comment": " ".join(filter(None, (one["operation"], one["code"], f"sandbox {one['sandbox'] or '-'}"))),
    }


def _pairs(values: Json) -> list[dict[str, str]]:
    return [
        {"name": name, "value": str(each)}
        for name, value in values.items()
        for each in (value if isinstance(value, list) else [value])
    ]


def _post_data(request: Json) -> dict[str, Any]:
    if request["body"] is None:
        return {}
    kind = request["headers"].get("content-type", "application/json")
    return {"postData": {"mimeType": kind, "params": [], "text": _text(request["body"])}}


def _content(response: Json) -> dict[str, Any]:
    text = "" if response["body"] is None else _text(response["body"])
    return {"size": len(text), "mimeType": response["headers"].get("content-type", "application/json"), "text": text}


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
