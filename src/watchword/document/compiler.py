"""From the objects of a document to `Operation` and `ResponseShape` values."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from watchword.document.bodies import compile_bodies
from watchword.document.definitions import Definitions
from watchword.document.http_rules import is_described
from watchword.document.media_types import concrete, is_json
from watchword.document.operations import Operation, ResponseShape
from watchword.document.parameters import Parameter, compile_parameter, described_parameters
from watchword.document.references import inline_references, resolve_reference
from watchword.document.servers import base_paths, has_bases, inherit_bases
from watchword.document.structure import METHODS, declared_responses, path_items
from watchword.document.validator import Validator
from watchword.document.written_examples import described_by, written_values

Mappings = Mapping[str, Any]


class Compiler:
    """
    Compiles the operations and responses of a document.

    Args:
        document: Bundled: it has internal references only.
    """

    def __init__(self, document: Mappings) -> None:
        self._document = document
        self._definitions = Definitions(document)
        self._validators: dict[tuple[str, bool], Validator] = {}

    def operations(self, system_of: Callable[[str, Mappings], str]) -> Iterator[Operation]:
        """
        Compile every operation.

        Args:
            system_of: Tells the system of an operation from its id and its object.
        """
        places = [
            (path, method, item) for path, item in path_items(self._document) for method in METHODS if method in item
        ]
        compiled = [self._operation(path, method, item, system_of) for path, method, item in places]
        independent = {item[method]["operationId"] for _, method, item in places if has_bases(item, item[method])}
        yield from inherit_bases(compiled, independent)

    def _operation(
        self, path: str, method: str, item: Mappings, system_of: Callable[[str, Mappings], str]
    ) -> Operation:
        raw = item[method]
        body = resolve_reference(self._document, raw.get("requestBody")) or {}
        content = body.get("content") or {}
        schema = next((media["schema"] for kind, media in content.items() if is_json(kind) and "schema" in media), None)
        security = raw.get("security", self._document.get("security", []))
        return Operation(
            id=raw["operationId"],
            system=system_of(raw["operationId"], raw),
            method=method.upper(),
            path=path,
            rules=tuple(raw.get("x-rules", ())),
            security=tuple(tuple(alternative) for alternative in security),
            parameters=tuple(self._parameters(item, raw)),
            accepts=tuple(content),
            body=None if schema is None else self._validator(schema, answer=False),
            bodies=compile_bodies(self._document, content, self._request_validator),
            inline_body=partial(inline_references, self._document, schema),
            body_required=bool(body.get("required")),
            responses={
                status: self.response(response) for status, response in declared_responses(raw.get("responses") or {})
            },
            base_paths=base_paths(self._document, item, raw),
            raw=raw,
        )

    def _parameters(self, item: Mappings, raw: Mappings) -> Iterator[Parameter]:
        merged = described_parameters(self._document, item, raw)
        for (where, name), parameter in merged.items():
            others = frozenset(other for place, other in merged if place == where and other != name)
            compiled = compile_parameter(self._document, parameter, self._request_validator, others)
            if compiled is not None:
                yield compiled

    def response(self, raw: Any) -> ResponseShape:
        """Compile a response object, or a reference to one."""
        response = resolve_reference(self._document, raw)
        content = response.get("content") or {}
        headers = {
            name.lower(): resolve_reference(self._document, header)
            for name, header in (response.get("headers") or {}).items()
            if is_described(name)
        }
        return ResponseShape(
            content={
                kind: self._validator(media["schema"], answer=True)
                if is_json(concrete(kind)) and "schema" in media
                else None
                for kind, media in content.items()
            },
            examples={
                name: value
                for media in content.values()
                for name, value in written_values(self._document, media).items()
            },
            headers={name: self._answer_validator(described_by(header)) for name, header in headers.items()},
            required_headers=frozenset(name for name, header in headers.items() if header.get("required")),
        )

    def _request_validator(self, schema: Any) -> Validator:
        return self._validator(schema, answer=False)

    def _answer_validator(self, described: Mappings) -> Validator:
        return self._validator(described.get("schema", {}), answer=True)

    def _validator(self, schema: Any, *, answer: bool) -> Validator:
        """Compile *schema*; a reference is compiled once."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if reference is None:
            return Validator(schema, self._definitions, answer=answer)
        key = reference, answer
        if key not in self._validators:
            self._validators[key] = Validator(schema, self._definitions, answer=answer)
        return self._validators[key]
