"""What shall be different about a request that is replayed, and the request with that difference."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

import orjson

from watchword.control.errors import ImpossibleChange, SettingViolation
from watchword.document.media_types import FORM
from watchword.document.path_templates import decode_path
from watchword.domain.alike import tell_alike
from watchword.edge.replaying import SentRequest
from watchword.system.seed_data import Person

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}\Z")
_OUT_OF_REACH = ("/__admin", "/docs")
_PATH = re.compile(r"/[!-~]*\Z")
_IMPOSSIBLE_HEADERS = {
    "watchword-sandbox": "must not be set: the member in says where the request is replayed",
    "content-length": "must not be set: it follows from the body",
    "transfer-encoding": "must not be set: a replay is sent as a whole",
}
"""Headers that a replay would not heed, by their names in lower case."""


class Unchanged(Enum):
    """Stands for what stays as it is, where null is a value."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class RequestChange:
    """
    What shall be different; None, empty or `UNCHANGED` for what stays.

    Args:
        path: With its base path, percent-encoded; it may have a query, which then replaces the whole one.
        query: Parameters to set, by name; a list repeats one, None removes it.
        headers: Headers to set, by name; None removes one.
        body: A JSON merge patch (RFC 7396) for a body that is a JSON object or a form; a text is the body itself, None
            is no body, and any other value the whole JSON.
        replace_body: The whole body in JSON, where a patch would only add to the one that was sent.
        person: The name of somebody whose credentials are sent instead.
        to: What the clock of the fork shows.
        by: How far it is moved.
    """

    method: str | None = None
    path: str | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: Any = UNCHANGED
    replace_body: Any = UNCHANGED
    person: str | None = None
    to: datetime | None = None
    by: timedelta | None = None

    @property
    def moves_clock(self) -> bool:
        """Whether it is handled at another moment."""
        return self.to is not None or self.by is not None


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    Whose credentials can be sent, and in which headers.

    Args:
        headers: The names of the headers that carry credentials, in lower case.
        people: Those of the request's system, by name, when they are asked for.
    """

    headers: Collection[str]
    people: Callable[[], Mapping[str, Person]]


def changed(request: SentRequest, change: RequestChange, credentials: Credentials) -> SentRequest:
    """
    Change a request.

    Raises:
        ImpossibleChange: No such request can be sent.
    """
    problems = list(_problems(change))
    if problems:
        raise ImpossibleChange(problems)
    made = _with_target(request, change)
    headers = dict(made.headers)
    if change.person is not None:
        _speak_for(change.person, headers, credentials)
    for name, value in change.headers.items():
        headers.pop(name.lower(), None)
        if value is not None:
            headers[name.lower()] = value
    return _with_body(replace(made, headers=headers), change)


def _problems(change: RequestChange) -> Sequence[SettingViolation]:
    found = []
    if change.method is not None and not _TOKEN.match(change.method):
        found.append(SettingViolation(("method",), "must be a method of HTTP, such as POST"))
    if change.path is not None and (wrong := _wrong_with_path(change.path)):
        found.append(SettingViolation(("path",), wrong))
    for name, value in change.headers.items():
        if not _TOKEN.match(name):
            found.append(SettingViolation(("headers",), "must have names that HTTP allows"))
        elif name.lower() in _IMPOSSIBLE_HEADERS:
            found.append(SettingViolation(("headers", name), _IMPOSSIBLE_HEADERS[name.lower()]))
        elif value is not None and not _is_header_value(value):
            found.append(SettingViolation(("headers", name), "must be one line of Latin-1"))
    if change.body is not UNCHANGED and change.replace_body is not UNCHANGED:
        found.append(SettingViolation(("replaceBody",), "must not stand beside body"))
    return found


def _wrong_with_path(path: str) -> str:
    """Say what is wrong with a path and its query; nothing if nothing is."""
    written = path.partition("?")[0]
    if not _PATH.match(path):
        return "must begin with a slash, and be percent-encoded: without blanks, control characters and accents"
    if written.startswith("/~"):
        return "must not name a sandbox: the member in says where the request is replayed"
    if any(written == one or written.startswith(f"{one}/") for one in _OUT_OF_REACH):
        return "must not be one of the control API or of a page"
    return ""


def _is_header_value(value: str) -> bool:
    return all(character == "\t" or " " <= character <= "ÿ" for character in value) and "\x7f" not in value


def _with_target(request: SentRequest, change: RequestChange) -> SentRequest:
    method, path, query = change.method or request.method, request.path, request.query
    if change.path is not None:
        written, mark, rest = change.path.partition("?")
        path, query = decode_path(unquote(written), written.encode()), rest if mark else query
    if change.query:
        query = _with_fields(query, change.query)
    return replace(request, method=method, path=path, query=query)


def _with_fields(written: str, wanted: Mapping[str, Any]) -> str:
    """Set fields of a query or a form: a list repeats one, None removes it, and the others stay as they are."""
    kept = [(name, value) for name, value in parse_qsl(written, keep_blank_values=True) if name not in wanted]
    return urlencode([*kept, *((name, value) for name, value in wanted.items() if value is not None)], doseq=True)


def _speak_for(name: str, headers: dict[str, str], credentials: Credentials) -> None:
    """Send the credentials of a person instead of those that were sent."""
    people = credentials.people()
    person = people.get(name)
    if person is None:
        nearest = tell_alike(name, list(people))
        raise ImpossibleChange([SettingViolation(("person",), f"is nobody of this system; {nearest}")])
    for one in credentials.headers:
        headers.pop(one, None)
    headers |= {one.lower(): value for one, value in person.headers.items()}


def _with_body(request: SentRequest, change: RequestChange) -> SentRequest:
    if change.body is UNCHANGED and change.replace_body is UNCHANGED:
        return request
    headers = dict(request.headers)
    try:
        body = _patched(request, change)
    except (orjson.JSONEncodeError, UnicodeEncodeError, RecursionError):
        name = "body" if change.replace_body is UNCHANGED else "replaceBody"
        detail = "must be at most 250 levels deep, with integers of 64 bits and texts of whole characters"
        raise ImpossibleChange([SettingViolation((name,), detail)]) from None
    if body and "content-type" not in headers:
        headers["content-type"] = "application/json"
    if "content-length" in headers or "transfer-encoding" not in headers:
        headers["content-length"] = str(len(body))
    return replace(request, headers=headers, body=body)


def _patched(request: SentRequest, change: RequestChange) -> bytes:
    if change.replace_body is not UNCHANGED:
        return orjson.dumps(change.replace_body)
    wanted = change.body
    if wanted is None:
        return b""
    if isinstance(wanted, str):
        return wanted.encode()
    if not isinstance(wanted, Mapping):
        return orjson.dumps(wanted)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        return _with_fields(request.body.decode("utf-8", "replace"), wanted).encode()
    return orjson.dumps(merge_patch(_as_object(request.body), wanted))


def _as_object(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}


def merge_patch(old: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396)."""
    if not isinstance(patch, Mapping):
        return patch
    new = dict(old) if isinstance(old, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            new.pop(name, None)
        else:
            new[name] = merge_patch(new.get(name), value)
    return new
