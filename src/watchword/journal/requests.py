"""What came, as readers see it, and in what it differs from the document, however small the difference."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from watchword.document import Operation, conformance
from watchword.document.conformance import ReadRequest
from watchword.document.media_types import find_declared
from watchword.document.parameters import described_parameters
from watchword.document.path_templates import compile_template, placeholders
from watchword.document.references import resolve_reference
from watchword.document.security import credential_headers
from watchword.domain.refusal import Refusal, TooLarge, TooSlow, Violation
from watchword.edge.concerned import People
from watchword.edge.exchange import Exchange
from watchword.edge.mock.wishes import TWIN
from watchword.edge.nearest import shown_method
from watchword.journal.decision import public_names
from watchword.journal.entry import ShownRequest, ShownViolation
from watchword.journal.headers import show_headers
from watchword.journal.masking import MASK, Shown, mask, mask_text, show_name
from watchword.journal.message_schema import message_schema

_JSON = "application/json"
UNDECLARED, NOT_DECLARED = "undeclared", "is not known here"
_UNREAD = (TooLarge, TooSlow)
"""Refusals of a body that nobody has read to its end, so that nothing is known of it."""
_NO_CONTENT_TYPE = Violation("header", ("content-type",), "required", None, "is missing, though there is a body")


class Sent:
    """
    The request of an exchange.

    Args:
        exchange: Whose values may be secrets.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._content: Mapping[str, Any] = exchange.api.document.content

    @property
    def method(self) -> str:
        """The method, if it may be shown."""
        return self._exchange.method if self._exchange.operation else shown_method(self._exchange.method)

    @cached_property
    def path(self) -> str:
        """The path, with stars for what the document does not declare."""
        return self._exchange.base_path + self._path(self._exchange.operation)

    def shown(self, people: People) -> ShownRequest:
        """Mask it."""
        exchange, path = self._exchange, self.path
        query = {**self._query(), **{f"{TWIN}{name}": value for name, value in exchange.twins}}
        return ShownRequest(
            self.method,
            f"{path}?{urlencode(query, doseq=True, safe='*')}" if query else path,
            path,
            show_headers(exchange.headers, declared=self._shown_headers(), credentials=self._credentials(people)),
            query,
            self._body.value if self._has_body else None,
            len(exchange.body),
        )

    def violations(self) -> Iterator[ShownViolation]:
        """Yield in what it differs from the document."""
        return (shown for _, shown in self.differences())

    def differences(self) -> Iterator[tuple[str, ShownViolation]]:
        """Yield the same with the keyword of the schema that is violated; `UNDECLARED` for what it does not declare."""
        exchange, operation = self._exchange, self._exchange.operation
        if operation is None:
            return
        found = set[tuple[str, str]]()
        for one in (*self._refused(), *self._judged(operation)):
            shown = _shown(one)
            if (shown.where, shown.pointer) not in found:
                found.add((shown.where, shown.pointer))
                yield one.kind, shown
        for pointer in self._body.undeclared if self._has_body else ():
            if ("body", pointer) not in found:
                yield UNDECLARED, ShownViolation("body", pointer, NOT_DECLARED)
        if not exchange.protocol:
            for name in self._query():
                if name not in self._declared("query"):
                    yield UNDECLARED, ShownViolation("query", f"/{name}", NOT_DECLARED)

    @property
    def known_headers(self) -> frozenset[str]:
        """The headers that the document declares, in lower case, with those of credentials."""
        return frozenset(self._declared("header")) | credential_headers(self._content)

    def _refused(self) -> tuple[Violation, ...]:
        found: tuple[Violation, ...] = getattr(self._exchange.refusal, "violations", ())
        return found

    def _judged(self, operation: Operation) -> Iterator[Violation]:
        """Judge it as the document alone does, whatever its system makes of it."""
        exchange = self._exchange
        if exchange.protocol or isinstance(exchange.refusal, _UNREAD):
            return
        if exchange.body and operation.accepts and not exchange.headers.get("content-type"):
            yield _NO_CONTENT_TYPE
        if self.read is not None:
            yield from self.read.violations

    @property
    def path_values(self) -> Mapping[str, str]:
        """The parameters in the path, as texts."""
        operation = self._exchange.operation
        names = () if operation is None else placeholders(operation.path)
        if operation is None or not names:
            return {}
        pattern = compile_template(operation.path, empty_last=True).pattern
        found = _capturing(pattern).fullmatch(self._exchange.path)
        return dict(zip(names, found.groups(), strict=True)) if found else {}

    def _path(self, operation: Operation | None) -> str:
        exchange = self._exchange
        if operation is None or exchange.protocol:
            return exchange.path if exchange.protocol else exchange.api.nearest.without_values(exchange.path)
        path, declared = operation.path, self._declared("path")
        for name, value in self.path_values.items():
            shown = mask_text(self._content, declared.get(name), value)
            path = path.replace(f"{{{name}}}", "*" if shown == MASK else quote(value, safe=""))
        return path

    def _shown_headers(self) -> frozenset[str]:
        """Name the declared headers whose values may be shown."""
        sent = self._exchange.headers
        return frozenset(
            name
            for name, schema in self._declared("header").items()
            if name in sent and mask_text(self._content, schema, sent[name]) != MASK
        )

    def _query(self) -> dict[str, Any]:
        declared, found = self._declared("query"), dict[str, Any]()
        for name, value in parse_qsl(self._exchange.query, keep_blank_values=True):
            key = name if name in declared else show_name(name)
            shown = mask_text(self._content, declared.get(name), value)
            if key in found:
                earlier = found[key]
                found[key] = [*(earlier if isinstance(earlier, list) else [earlier]), shown]
            else:
                found[key] = shown
        return found

    def _declared(self, where: str) -> Mapping[str, Any]:
        """Find the schemas of the parameters that the document declares in a place, by name."""
        operation = self._exchange.operation
        if operation is None:
            return {}
        path_item = self._content["paths"].get(operation.path) or {}
        return {
            name.lower() if where == "header" else name: one.get("schema")
            for (place, name), one in described_parameters(self._content, path_item, operation.raw).items()
            if place == where
        }

    @property
    def _has_body(self) -> bool:
        return bool(self._exchange.body) or self._exchange.json is not None

    @cached_property
    def _body(self) -> Shown:
        exchange, operation = self._exchange, self._exchange.operation
        value = self._sent_body
        if operation is None or value is None:
            return Shown(MASK)
        schema = self._schema(operation)
        if exchange.protocol:
            schema = message_schema(schema, self._declared("query"), self._declared("path"))
        return mask(self._content, schema, value)

    @property
    def _sent_body(self) -> Any:
        """The body in JSON types: as the document reads it, or else as the system did."""
        exchange = self._exchange
        if exchange.body and not exchange.protocol:
            with suppress(orjson.JSONDecodeError):
                return orjson.loads(exchange.body)
            if self.read is not None and self.read.json is not None:
                return self.read.json
        return exchange.json

    @cached_property
    def read(self) -> ReadRequest | None:
        """The request as the document alone reads it; None if that fails."""
        exchange, operation = self._exchange, self._exchange.operation
        if operation is None:
            return None
        try:
            return conformance.read_request(
                operation,
                path=self.path_values,
                query=exchange.query,
                headers=exchange.headers,
                body=exchange.body,
            )
        except Refusal:
            return None

    def _schema(self, operation: Operation) -> Any:
        body = resolve_reference(self._content, operation.raw.get("requestBody") or {})
        content = body.get("content") or {}
        place = find_declared(tuple(content), self._exchange.headers.get("content-type", _JSON))
        kinds = list(content.values())
        media = kinds[place] if place is not None else next(iter(kinds), {})
        return media.get("schema")

    def _credentials(self, people: People) -> dict[str, str]:
        """Say whose the credentials are, in the place of their values."""
        exchange = self._exchange
        caller = people.caller_of(exchange)
        told: dict[str, str] = {}
        for name in credential_headers(self._content):
            value = exchange.headers.get(name)
            if value is not None:
                scheme = value.partition(" ")[0].lower() if name == "authorization" and " " in value else name
                known = scheme if scheme in ("bearer", "basic", name) else name
                holder = people.holder_of(name, value) or (caller if name == "authorization" else "")
                told[name] = f"{known} of {holder}" if holder else MASK
        return told


def _capturing(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("[^/]+", "([^/]+)").replace("[^/]*", "([^/]*)"))


def _shown(violation: Violation) -> ShownViolation:
    names = public_names(violation)
    return ShownViolation(violation.where, "/" + "/".join(names) if names else "", violation.detail)
