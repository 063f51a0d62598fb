"""A recorded request as it is sent again: what is shown as it was, and something else for each star."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

import orjson

from watchword.document.media_types import FORM, JSON, essence
from watchword.document.path_templates import ENCODED_SLASH
from watchword.edge.replaying import SentRequest
from watchword.review.use_diff.filling import Filler, FromAnswer, Issued, Known, Lane, Steps, hidden_in
from watchword.review.use_diff.places import Place, generalised
from watchword.review.use_diff.recorded import REST, Recorded, is_hidden
from watchword.systems import PROTOCOL_ADAPTERS

_HEADERS = frozenset(
    (
        *("content-length", "transfer-encoding", "connection", "watchword-sandbox", "content-encoding", "expect"),
        *("grpc-timeout", "connect-timeout-ms"),
    )
)
"""Those that a request does not have again; the last ones are in real time, which passes otherwise here."""
_HTTP_1, _HTTP_2 = "1.1", "2"
Renamed = Mapping[str, Issued]
"""Values that the server chose, such as ids: what the journal shows, and which answer had it."""


@dataclass(frozen=True)
class Star:
    """
    A value that is not shown.

    Args:
        header: The name of the header that has it; empty for the body.
        steps: Where in the body.
        fillers: What it may have been, what is likely first.
    """

    header: str
    steps: Steps
    fillers: Sequence[Filler]

    @property
    def place(self) -> Place:
        """Where in requests of its operation."""
        if self.header:
            return Place("header", (self.header,))
        return Place("body", generalised(self.steps))


class _Unchosen(Exception):
    """A side did not choose a value that the request has, such as the id of what it did not make."""


class _NoMessage(Exception):
    """With what stands for its stars it is no message of its method."""


class Cannot(Exception):
    """A request cannot be sent again; the message says why, half a sentence."""


def find_stars(request: Recorded, known: Known) -> Sequence[Star]:
    """
    Find what is not shown of a request.

    Raises:
        Cannot: Something is not shown for which nothing can stand.
    """
    sent = request.sent
    if "*" in sent.path.split("/") or any(is_hidden(one) for one in sent.query.values()):
        raise Cannot("a value in its address is not shown")
    if is_hidden(sent.body):
        raise Cannot("its body is not shown")
    headers = [
        Star(name, (), known.credentials(name, told))
        for name, told in sent.headers.items()
        if name in known.credential_headers and (" of " in told or is_hidden(told))
    ]
    body = [Star("", steps, known.secrets(request, steps)) for steps in hidden_in(sent.body)]
    return [*headers, *body]


def write_request(
    request: Recorded, stars: Sequence[Star], fillers: Sequence[Filler], lane: Lane, renamed: Renamed
) -> SentRequest | None:
    """
    Write a request for one side.

    Args:
        fillers: What stands for each star.

    Returns:
        None if the side has nothing for one of them, did not choose a value that the request has, or if its method
        takes no such message.
    """
    values = [one.value(lane) for one in fillers]
    if None in values:
        return None
    try:
        return _written(request, stars, values, lane, renamed)
    except (_Unchosen, _NoMessage):
        return None


def _written(
    request: Recorded, stars: Sequence[Star], values: Sequence[str | None], lane: Lane, renamed: Renamed
) -> SentRequest:
    sent = request.sent
    names = {old: FromAnswer(issued).value(lane) for old, issued in renamed.items()}
    headers = {name: value for name, value in sent.headers.items() if name not in _HEADERS}
    body = _renamed(sent.body, names)
    for star, value in zip(stars, values, strict=True):
        if star.header:
            headers[star.header] = str(value)
        else:
            body = _with(body, star.steps, value)
    content = _content(request, body, headers)
    if content:
        headers["content-length"] = str(len(content))
    path = "/".join(_segment(one, names) for one in sent.path.split("/"))
    query = urlencode(_renamed(sent.query, names), doseq=True)
    version = _HTTP_1 if request.protocol == REST else _HTTP_2
    return SentRequest(sent.method, path, query, headers, content, http_version=version)


def _segment(written: str, names: Mapping[str, str | None]) -> str:
    return _name(unquote(written), names).replace("/", ENCODED_SLASH)


def _content(request: Recorded, body: Any, headers: Mapping[str, str]) -> bytes:
    if body is None:
        return b""
    if request.protocol != REST:
        return _message(request, body, headers)
    if essence(headers.get("content-type", JSON)) == FORM and isinstance(body, Mapping):
        return urlencode(body, doseq=True).encode()
    return orjson.dumps(body)


def _message(request: Recorded, body: Any, headers: Mapping[str, str]) -> bytes:
    """
    Write the message of another protocol.

    Raises:
        _NoMessage: It is none of its method.
    """
    for adapter in PROTOCOL_ADAPTERS:
        if adapter.system == request.system:
            written = adapter.write(request.sent.path, headers, body)
            if written is not None:
                return written
    raise _NoMessage


def _renamed(value: Any, names: Mapping[str, str | None]) -> Any:
    if isinstance(value, Mapping):
        return {name: _renamed(member, names) for name, member in value.items()}
    if isinstance(value, list):
        return [_renamed(member, names) for member in value]
    return _name(value, names) if isinstance(value, str) else value


def _name(text: str, names: Mapping[str, str | None]) -> str:
    """
    Give what a side has chosen for a value.

    Raises:
        _Unchosen: It was to choose one, and did not.
    """
    found = names.get(text, text)
    if found is None:
        raise _Unchosen
    return found


def _with(value: Any, steps: Steps, wanted: Any) -> Any:
    """Put something in the place of a part of a value."""
    if not steps:
        return wanted
    first, *rest = steps
    if isinstance(value, Mapping):
        return {name: _with(one, tuple(rest), wanted) if name == first else one for name, one in value.items()}
    return [_with(one, tuple(rest), wanted) if place == first else one for place, one in enumerate(value)]


def find_renamed(recorded: Any, answer: Any, number: int, steps: Steps = ()) -> Iterator[tuple[str, Issued]]:
    """
    Find values that an answer has in the place of recorded ones.

    Args:
        number: Of the answer.
    """
    if isinstance(recorded, Mapping) and isinstance(answer, Mapping):
        for name in recorded.keys() & answer.keys():
            yield from find_renamed(recorded[name], answer[name], number, (*steps, name))
    elif isinstance(recorded, list) and isinstance(answer, list):
        for place, (one, other) in enumerate(zip(recorded, answer, strict=False)):
            yield from find_renamed(one, other, number, (*steps, place))
    elif isinstance(recorded, str) and isinstance(answer, str) and recorded != answer and not is_hidden(recorded):
        yield recorded, Issued(number, steps)
