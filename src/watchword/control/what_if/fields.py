"""Changes of single fields, parameters and headers, as the document has them."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from watchword.control.request_change import RequestChange
from watchword.control.what_if.case import Case, Path, Proposal, patch_at
from watchword.control.what_if.people import path_with
from watchword.control.what_if.putting_right import patch_between, put_right
from watchword.control.what_if.schemas import find_member, join
from watchword.document.examples import make_example
from watchword.domain.refusal import Violation

_ORDINARY = frozenset(
    ("accept", "accept-encoding", "connection", "content-length", "host", "user-agent", "watchword-sandbox", "te")
)


def fields_put_right(case: Case) -> Iterator[Proposal]:
    """Propose what the document says about each violation, and about the body as a whole."""
    for one in getattr(case.exchange.refusal, "violations", ()):
        yield from _put_right(case, one)
    operation = case.operation
    if operation is None:
        return
    kind = case.exchange.headers.get("content-type", "")
    for accepted in operation.accepts:
        if accepted != kind:
            yield Proposal(f"sent as {accepted}", RequestChange(headers={"content-type": accepted}))
    if case.schema is not None:
        right = put_right(case.exchange.body, case.document, case.schema)
        patch = None
        if isinstance(right, Mapping) and isinstance(case.body, Mapping):
            patch = patch_between(case.body, right, case.document, case.schema)
        if patch is not None:
            # An empty patch writes the body anew, which cures a name that stands there twice.
            yield Proposal("with a body that fits the document", RequestChange(body=patch))
        elif right is not None:
            yield Proposal("with a body that fits the document", RequestChange(replace_body=right))
    for one in case.examples:
        yield Proposal("with the document's example as its body", RequestChange(replace_body=one))


def fields_left_out(case: Case) -> Iterator[Proposal]:
    """Propose the body without each of its members, the outermost first."""
    members = dict.fromkeys(path[:length] for path, _ in case.leaves() for length in range(1, len(path) + 1))
    for path in sorted(members, key=len):
        yield Proposal(f"without {'.'.join(path)}", RequestChange(body=patch_at(path, None)))


def fields_of_examples(case: Case) -> Iterator[Proposal]:
    """Propose each member of the document's examples in the place of what was sent."""
    for example in case.examples:
        if not isinstance(example, Mapping):
            continue
        for name, value in example.items():
            if not isinstance(case.body, Mapping) or case.body.get(name) != value:
                yield Proposal(f"with {name} as in the document's example", RequestChange(body={name: value}))


def parameters(case: Case) -> Iterator[Proposal]:
    """Propose the query and the headers without each of their members, and declared ones as the document has them."""
    credentials = {name.lower() for one in case.people for name in one.headers}
    for name in case.exchange.headers:
        ordinary = name in _ORDINARY or name in credentials or name == "content-type"
        if not ordinary and case.shows_parameter("header", name):
            yield Proposal(f"without the header {name}", RequestChange(headers={name: None}))
    for name in dict(parse_qsl(case.exchange.query, keep_blank_values=True)):
        if case.shows_parameter("query", name):
            yield Proposal(f"without the parameter {name}", RequestChange(query={name: None}))
    path = case.explanation.entry.request.path
    if case.exchange.query and "*" not in path:
        yield Proposal("without a query", RequestChange(path=f"{path}?"))
    for one in case.parameters:
        value = _example_of(case, one)
        if value is not None and one["in"] in ("header", "query"):
            yield _with_parameter(one["in"], one["name"], value)


def other_operations(case: Case) -> Iterator[Proposal]:
    """Propose the nearest operations, for a request that is for none."""
    if case.operation is not None:
        return
    nearest, path = case.exchange.api.nearest, case.exchange.path
    for one in (*nearest.at(path), *case.exchange.api.near(path)):
        base = next((base for base in one.base_paths if path.startswith(f"{base}/")), case.exchange.base_path)
        written = f"{base}{one.path}" if "{" not in one.path else None
        if written or one.method != case.exchange.method:
            yield Proposal(f"as {one.method} {one.path}", RequestChange(method=one.method, path=written))


def _put_right(case: Case, violation: Violation) -> Iterator[Proposal]:
    names = tuple(violation.path)
    told = ".".join(names)
    if violation.where == "body":
        if names and case.shows(names):
            for value in _values_at(case, names):
                yield Proposal(f"with {told} as the document has it,", RequestChange(body=patch_at(names, value)))
            yield Proposal(f"without {told}", RequestChange(body=patch_at(names, None)))
        return
    declared = next((one for one in case.parameters if names and one["name"].lower() == names[0].lower()), None)
    if declared is None:
        return
    name, value = declared["name"], _example_of(case, declared)
    if violation.where == "path" and value is not None:
        if case.shows_path_without(name):
            yield Proposal(
                f"with {name} as the document has it,", RequestChange(path=path_with(case, name, str(value)))
            )
    elif value is not None:
        yield _with_parameter(violation.where, name, value)
    if violation.where == "query":
        yield Proposal(f"without the parameter {name}", RequestChange(query={name: None}))


def _with_parameter(where: str, name: str, value: Any) -> Proposal:
    if where == "header":
        return Proposal(f"with the header {name} as the document has it,", RequestChange(headers={name: str(value)}))
    return Proposal(f"with {name} as the document has it,", RequestChange(query={name: str(value)}))


def _values_at(case: Case, path: Path) -> Iterator[Any]:
    """Yield what examples have at a place of the body, then what the schema allows there."""
    for value in (case.body, *case.examples):
        found: Any = value
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is not None and value is not case.body:
            yield found
    schema = case.schema
    for step in path:
        schema = find_member(join(case.document, schema), step)
    if schema is not None:
        yield make_example(case.document, schema)


def _example_of(case: Case, parameter: Mapping[str, Any]) -> Any:
    if "example" in parameter:
        return parameter["example"]
    value = make_example(case.document, parameter.get("schema") or {})
    return value if isinstance(value, str | int | float) else None
