"""The operations of a document, with everything that a request needs derived from it beforehand."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from watchword.document.media_types import essence, is_json
from watchword.document.references import expanded, resolve
from watchword.document.schema import Validator
from watchword.domain.refusal import Violation

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# JSON's numbers, no longer than a float can tell: Python reads more ("1_000", " 1", other scripts' digits).
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,300})(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?\Z")
_INTEGER = re.compile(r"-?[0-9]+\Z")


@dataclass(frozen=True)
class Parameter:
    """
    A path, query or header parameter.

    Args:
        key: Where it is found among those of a request: its name, of a header in lower case.
    """

    name: str
    where: str
    required: bool
    type: str
    validator: Validator
    key: str

    def read(self, text: str | None) -> tuple[Any, list[Violation]]:
        """Turn the raw *text* of a request into a value, and say what is wrong with it."""
        if text is None:
            missing = Violation(self.where, (self.name,), "required", None, "is required")
            return None, [missing] if self.required else []
        value = _coerced(text, self.type)
        return value, list(self.validator.violations(value, where=self.where, prefix=(self.name,)))


def _coerced(text: str, kind: str) -> Any:
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in ("integer", "number") and _NUMBER.match(text):
        return int(text) if kind == "integer" and _INTEGER.match(text) else float(text)
    return text


@dataclass(frozen=True)
class ResponseShape:
    """What one status of an operation looks like."""

    status: str
    description: str
    source: str | None
    content: Mapping[str, Validator | None]
    examples: Mapping[str, Any]
    headers: frozenset[str]
    required_headers: frozenset[str]
    unreachable: Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """
    One operation of the document.

    Args:
        id: ``<system>.<handler>``.
        path: The template, without a vendor's base path.
        security: Scheme names of each alternative, in the document's order.
        base_paths: Further base paths it is served under.
        raw: The operation object as written.
        body: Validator of a JSON body; None if there is none.
        body_schema: What it was made from, with its references resolved.
    """

    id: str
    system: str
    method: str
    path: str
    summary: str
    rules: tuple[str, ...]
    security: tuple[tuple[str, ...], ...]
    parameters: tuple[Parameter, ...]
    accepts: tuple[str, ...]
    body: Validator | None
    body_schema: Any
    body_required: bool
    responses: Mapping[str, ResponseShape]
    base_paths: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)
    _shapes: dict[int, ResponseShape | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def shape(self, status: int) -> ResponseShape | None:
        """Find what an answer with *status* must look like."""
        if status not in self._shapes:
            keys = (str(status), f"{status // 100}XX", "default")
            self._shapes[status] = next((self.responses[key] for key in keys if key in self.responses), None)
        return self._shapes[status]


class Compiler:
    """Derives `Operation` values from a bundled document."""

    def __init__(self, document: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
        self._document = document
        self._definitions = definitions
        self._cache: dict[tuple[str, bool], Validator] = {}

    def operations(self, system_of: Callable[[str, Mapping[str, Any]], str]) -> Iterator[Operation]:
        """Yield every operation; *system_of* tells whose it is from its id and object."""
        for path, item in self._document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item, item[method], system_of)

    def _operation(
        self,
        path: str,
        method: str,
        item: Mapping[str, Any],
        raw: Mapping[str, Any],
        system_of: Callable[[str, Mapping[str, Any]], str],
    ) -> Operation:
        body = resolve(self._document, raw.get("requestBody")) or {}
        content = body.get("content") or {}
        schema = next((media["schema"] for kind, media in content.items() if is_json(kind) and "schema" in media), None)
        security = raw.get("security", self._document.get("security", []))
        servers = raw.get("servers", item.get("servers", []))
        return Operation(
            id=raw["operationId"],
            system=system_of(raw["operationId"], raw),
            method=method.upper(),
            path=path,
            summary=raw.get("summary", ""),
            rules=tuple(raw.get("x-rules", ())),
            security=tuple(tuple(alternative) for alternative in security),
            parameters=tuple(self._parameters(item, raw)),
            accepts=tuple(content),
            body=None if schema is None else self.validator(schema, answer=False),
            body_schema=expanded(self._document, schema),
            body_required=bool(body.get("required")),
            responses={
                str(status): self._response(str(status), resolve(self._document, response))
                for status, response in raw["responses"].items()
            },
            base_paths=tuple(base for server in servers if (base := server["url"].rstrip("/"))),
            raw=raw,
        )

    def _parameters(self, item: Mapping[str, Any], raw: Mapping[str, Any]) -> Iterator[Parameter]:
        merged = {}
        for one in (*item.get("parameters", ()), *raw.get("parameters", ())):
            parameter = resolve(self._document, one)
            merged[parameter["in"], parameter["name"]] = parameter
        for (where, name), parameter in merged.items():
            schema = parameter.get("schema", {})
            yield Parameter(
                name=name,
                where=where,
                required=bool(parameter.get("required")),
                type=resolve(self._document, schema).get("type", "string"),
                validator=self.validator(schema, answer=False),
                key=name.lower() if where == "header" else name,
            )

    def response(self, status: str, response: Any) -> ResponseShape:
        """Derive a response that stands outside of any operation."""
        return self._response(status, resolve(self._document, response))

    def _response(self, status: str, response: Mapping[str, Any]) -> ResponseShape:
        content = response.get("content") or {}
        headers = {
            name.lower(): resolve(self._document, header) for name, header in (response.get("headers") or {}).items()
        }
        return ResponseShape(
            status=status,
            description=response.get("description", ""),
            source=response.get("x-source"),
            content={
                essence(kind): self.validator(media["schema"], answer=True)
                if is_json(kind) and "schema" in media
                else None
                for kind, media in content.items()
            },
            examples={name: value for media in content.values() for name, value in self._examples(media)},
            headers=frozenset(headers),
            required_headers=frozenset(name for name, header in headers.items() if header.get("required")),
            unreachable={
                **(response.get("x-unreachable") or {}),
                **{k: v for media in content.values() for k, v in (media.get("x-unreachable") or {}).items()},
            },
        )

    def _examples(self, media: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        if "example" in media:
            yield "example", media["example"]
        for name, example in (media.get("examples") or {}).items():
            yield name, resolve(self._document, example).get("value")

    def validator(self, schema: Any, *, answer: bool) -> Validator:
        """Compile *schema*, once if it is a reference."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if reference is None:
            return Validator(schema, self._definitions, answer=answer)
        key = reference, answer
        if key not in self._cache:
            self._cache[key] = Validator(schema, self._definitions, answer=answer)
        return self._cache[key]
