"""A request to the server as one to the stand-in: about the people who play the same roles there."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from watchword.contract.driver import Persona, Request
from watchword.contract.secrets import names_in, secrets_in
from watchword.contract.steps import FORM
from watchword.contract.subject import Subject
from watchword.document import Operation
from watchword.document.media_types import JSON, essence, is_json
from watchword.document.security import credential_headers
from watchword.edge.exchange import Exchange
from watchword.edge.mock.wishes import TWIN
from watchword.journal.requests import Sent
from watchword.proxy.shadow.counterparts import NAMES, SECRETS, Counterparts
from watchword.proxy.shadow.mailed import MailedCodes, Unread

_SHORTEST_NAME = 3
"""Shorter names stand in passwords by chance."""
_PASSED = ("accept", "accept-language", "content-type")
"""Headers that may decide an answer, besides those of the document."""
_PASSED_KIND = re.compile(r"grpc-metadata-.*-bin")
"""Headers that a gateway to gRPC refuses if they are not base64; they say nothing about a person."""


class Untranslatable(Exception):
    """A request means nothing in the stand-in; the message says why."""


@dataclass
class Translated:
    """
    A request for the stand-in.

    Attributes:
        roles: Whom it is about: those whom it names, or else who calls.
        callers: Who calls.
        secrets: The passwords in the original, of which none may come back.
        proves: Whether somebody proves something with one of them.
        is_free: Whether one of them is the client's own choice, and not what the bindings say.
        doubts: Why a difference would say nothing: values of which nobody knows whose they are.
        caller_doubts: The same about credentials, which alone decide who calls.
    """

    roles: frozenset[str]
    callers: frozenset[str]
    request: Request = field(init=False)
    secrets: set[str] = field(default_factory=set)
    proves: bool = False
    is_free: bool = False
    doubts: list[str] = field(default_factory=list)
    caller_doubts: list[str] = field(default_factory=list)


class Translator:
    """
    Translates the requests to one server.

    Args:
        subject: Says in which fields values of people and of the server are.
        credentials: The headers that say who calls.
    """

    def __init__(
        self, subject: Subject, counterparts: Counterparts, codes: MailedCodes, credentials: frozenset[str]
    ) -> None:
        self._subject, self._counterparts, self._codes = subject, counterparts, codes
        self._credentials = credentials

    def roles_of(self, exchange: Exchange) -> frozenset[str]:
        """Tell whom a request is about: those whom it names, or else who calls."""
        named, callers = self._named_in(exchange)
        return named or callers

    def _named_in(self, exchange: Exchange) -> tuple[frozenset[str], frozenset[str]]:
        """Tell whom a request names, and who calls."""
        operation = exchange.operation
        if operation is None:
            return frozenset(), frozenset()
        named, callers = set[str](), set[str]()

        def note(name: str, value: str) -> str:
            (callers if name in self._credentials else named).update(self._counterparts.roles_of(value))
            return value

        _rewrite(exchange, operation, self._subject.handles, note, lambda _name, value: value)
        return frozenset(named), frozenset(callers)

    def translate(self, exchange: Exchange, operation: Operation) -> Translated:
        """
        Make the request that means the same in the stand-in.

        Raises:
            Untranslatable: There is none.
        """
        named, callers = self._named_in(exchange)
        made = Translated(named or callers, callers)
        made.request = _rewrite(
            exchange,
            operation,
            self._subject.handles,
            lambda name, value: self._handle(made, name, value),
            lambda name, value: self._secret(made, name, value),
        )
        return made

    def _handle(self, made: Translated, name: str, value: str) -> str:
        """Translate what names somebody, or was issued."""
        mine = self._counterparts.of(value, made.roles | made.callers)
        if mine is None and name in self._subject.mailed:
            return self._code(made, name, value)
        return self._unknown(made, name, value) if mine is None else mine

    def _code(self, made: Translated, name: str, value: str) -> str:
        """Translate a code; one that was never sent is wrong on both servers."""
        try:
            mine = self._codes.counterpart(value, made.roles)
        except Unread as unread:
            made.doubts.append(f"{name}: {unread}")
            return value
        return self._as_it_is(name, value) if mine is None else mine

    def _secret(self, made: Translated, name: str, value: str) -> str:
        """Translate a password: that of the bindings is that of the seed data, and one that was chosen is as it is."""
        made.secrets.add(value)
        roles = made.roles | made.callers
        made.proves = made.proves or bool(roles)
        issued = self._counterparts.of(value, frozenset())
        if issued is not None:
            return issued
        bound = {mine for role, mine in self._bound(value) if role in roles or not roles}
        if len(bound) == 1:
            return bound.pop()
        if bound:
            raise Untranslatable(f"{name}: several people of the bindings have this password")
        made.is_free = True
        if any(_has_name(value, one) for one in self._people(made.roles)):
            made.doubts.append(f"{name}: a name is in it, and people have other names in the stand-in")
        if any(self._counterparts.mine[role].known.get(word) == value for role in made.roles for word in SECRETS):
            raise Untranslatable(f"{name}: it is what somebody has in the stand-in from the beginning")
        return self._code(made, name, value) if name in self._subject.mailed else value

    def _people(self, roles: frozenset[str]) -> Iterator[Persona]:
        for people in (self._counterparts.mine, self._counterparts.theirs):
            yield from (people[role] for role in roles)

    def _bound(self, value: str) -> Iterator[tuple[str, str]]:
        """Yield who has a password by the bindings, and what it is in the stand-in."""
        for role, persona in self._counterparts.theirs.items():
            for word in SECRETS:
                if persona.known.get(word) == value and word in self._counterparts.mine[role].known:
                    yield role, self._counterparts.mine[role].known[word]

    def _unknown(self, made: Translated, name: str, value: str) -> str:
        if value:
            doubts = made.caller_doubts if name in self._credentials else made.doubts
            doubts.append(f"{name}: nobody in the bindings has this value, and no answer gave it")
        return self._as_it_is(name, value)

    def _as_it_is(self, name: str, value: str) -> str:
        """
        Send a value as it is.

        Raises:
            Untranslatable: It would be somebody else's in the stand-in.
        """
        if self._counterparts.is_mine(value):
            raise Untranslatable(f"{name}: the stand-in has this value for something else")
        return value


def _has_name(password: str, persona: Persona) -> bool:
    texts = (persona.known.get(word, "").partition("@")[0].casefold() for word in NAMES)
    return any(len(text) >= _SHORTEST_NAME and text in password.casefold() for text in texts)


Rewrite = Callable[[str, str], str]
"""Gives another value for one of a field."""


def _rewrite(
    exchange: Exchange, operation: Operation, handles: frozenset[str], on_handle: Rewrite, on_secret: Rewrite
) -> Request:
    """Write a request anew, with other values for handles and secrets."""
    sent = Sent(exchange)
    path = operation.path
    for name, value in sent.path_values.items():
        path = path.replace(f"{{{name}}}", quote(on_handle(name, value), safe=""))
    query = urlencode(
        [
            (name, on_handle(name, value) if name in handles else value)
            for name, value in parse_qsl(exchange.query, keep_blank_values=True)
            if not name.startswith(TWIN)
        ]
    )
    credentials = credential_headers(exchange.api.document.content)
    headers = {
        name: _header(name, value, (credentials, handles), (on_handle, on_secret))
        for name, value in exchange.headers.items()
        if name in sent.known_headers or name in _PASSED or _PASSED_KIND.fullmatch(name)
    }
    body = _body(exchange, operation, handles, (on_handle, on_secret))
    return Request(operation.id, operation.method, f"{path}?{query}" if query else path, headers, body)


def _header(name: str, value: str, named: tuple[frozenset[str], frozenset[str]], on: tuple[Rewrite, Rewrite]) -> str:
    credentials, handles = named
    if name not in credentials:
        return on[0](name, value) if name in handles else value
    scheme, credential, blanks = _split(value)
    if not scheme and "," in credential:
        login, _, secret = credential.partition(",")
        return f"{on[0](name, login)},{on[1](name, secret)}"
    if scheme.strip().lower() != "basic":
        return f"{scheme}{on[0](name, credential)}{blanks}"
    try:
        login, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except ValueError:  # it is not Base64, or not UTF-8
        return value
    return scheme + base64.b64encode(f"{on[0](name, login)}:{on[1](name, secret)}".encode()).decode()


def _split(header: str) -> tuple[str, str, str]:
    """Split a header into the word for the scheme, if there is one, what it is followed by, and blanks."""
    value = header.rstrip()
    words = value.split(maxsplit=1)
    credential = words[1] if len(words) > 1 and value.startswith(words[0]) else value
    return value.removesuffix(credential), credential, header[len(value) :]


def _body(exchange: Exchange, operation: Operation, handles: frozenset[str], on: tuple[Rewrite, Rewrite]) -> bytes:
    """
    Write a body anew; one that is not readable as what it says it is goes as it came.

    Raises:
        Untranslatable: It is nested too deeply.
    """
    media = exchange.headers.get("content-type", JSON)
    if essence(media) == FORM:
        fields = dict(parse_qsl(exchange.body.decode(errors="replace"), keep_blank_values=True))
        return urlencode(_values(fields, operation, handles, on)).encode()
    if not is_json(media):
        return exchange.body
    try:
        read = orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return exchange.body
    try:
        rewritten = _values(read, operation, handles, on)
        return exchange.body if rewritten == read else orjson.dumps(rewritten)
    except (RecursionError, orjson.JSONEncodeError):
        raise Untranslatable("the body is nested too deeply") from None


def _values(body: Any, operation: Operation, handles: frozenset[str], on: tuple[Rewrite, Rewrite]) -> Any:
    """Write the values of a body anew; a name that a client chose may be a secret itself, so no reason names it."""
    secrets = frozenset(one for one in secrets_in(body, operation.body_schema) if isinstance(one, str))
    declared = frozenset(names_in(body, operation.body_schema))

    def on_secret(name: str, value: str) -> str:
        return on[1](name if name in declared else "*", value)

    return _tree(body, "", handles, secrets, (on[0], on_secret))


def _tree(value: Any, name: str, handles: frozenset[str], secrets: frozenset[str], on: tuple[Rewrite, Rewrite]) -> Any:
    match value:
        case Mapping():
            return {key: _tree(member, key, handles, secrets, on) for key, member in value.items()}
        case list():
            return [_tree(member, name, handles, secrets, on) for member in value]
        case str() if name in handles:
            return on[0](name, value)
        case str() if value in secrets:
            return on[1](name, value)
        case _:
            return value
