"""A team's own people, in files: read, judged by the schema of the control API, planned by each system's rules."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from watchword.control.people import check_group, read_wish
from watchword.control.situations import tell_situations
from watchword.document import Document, DocumentError
from watchword.document.conversion import MUST
from watchword.document.definitions import Definitions
from watchword.document.marks import Marks
from watchword.document.reader import read_file
from watchword.document.validator import Validator
from watchword.sandbox import Sandboxes
from watchword.store import Store
from watchword.system import System
from watchword.system.people import ImpossiblePerson, MadePerson

_ROOT = "people"
_REFERENCE = "#/components/schemas/"
_LIST = "a list in which each person is what POST /__admin/people takes"
_FORM = f"have {_ROOT}: {_LIST}"
_MOST_TOLD = 10
"""How many things that are wrong with a file are told."""
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    MUST: _FORM,
    "required": [_ROOT],
    "additionalProperties": False,
    "properties": {_ROOT: {"type": "array", MUST: f"be {_LIST}", "items": {"$ref": f"{_REFERENCE}AdminNewPerson"}}},
}
"""Of a file: each of its people is what ``POST /__admin/people`` takes."""


class UnusablePeople(Exception):
    """A file of people that cannot be used: which one, where, and what would be right."""


def export_schema(document: Document) -> dict[str, Any]:
    """
    Give the schema of a file of people, for editors.

    Args:
        document: Of the control API.
    """
    schemas, found = document.content["components"]["schemas"], {}
    pending = ["AdminNewPerson"]
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = schemas[name]
            pending += _references(schemas[name])
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "People for watchword serve --people",
        **SCHEMA,
        "$defs": dict(sorted(found.items())),
    }
    return _rewritten(whole)  # type: ignore[no-any-return]  # it is a table


def plan_people(files: Sequence[Path], sandboxes: Sandboxes, document: Document) -> tuple[MadePerson, ...]:
    """
    Decide how the people of *files* will be; their passwords are hashed here, and kept nowhere else.

    Args:
        document: Of the control API.

    Raises:
        UnusablePeople: A file cannot be read or does not fit, or somebody cannot be so.
    """
    tx = Store().transaction()
    everybody, planned = sandboxes.fresh_people(tx), []
    rosters = {one.name: one.roster for one in sandboxes.systems}
    for path in files:
        file = _File(path)
        for number, given in enumerate(_read(file, document, sandboxes.systems)):
            roster, people = rosters[given["system"]], everybody[given["system"]]
            assert roster is not None  # noqa: S101  # the schema names systems with people
            wish, place = read_wish(given), (_ROOT, str(number))
            if any(one.name == wish.name for one in roster.read(people)):
                taken = f"somebody of {given['system']} is called {wish.name!r} already"
                raise UnusablePeople(file.tell((*place, "name"), taken))
            try:
                check_group(roster, wish)
                made = roster.plan(wish, people, sandboxes.hasher)
            except ImpossiblePerson as error:
                raise UnusablePeople(file.tell((*place, error.field), error.problem)) from None
            roster.write(made, people)
            planned.append(made)
    return tuple(planned)


class _File:
    """A file of people; where its parts stand is looked up when something is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _marks(self) -> Marks:
        return Marks(self.path)

    def tell(self, path: Sequence[str], problem: str) -> str:
        """Say what is wrong with the part at *path*, or with what is missing there: file, line, column and names."""
        line, column = self._marks.at(path)
        return f"{self.path}:{line}:{column}: {'.'.join(path) or 'the whole file'}: {problem}"


def _read(file: _File, document: Document, systems: Sequence[System]) -> Sequence[Mapping[str, Any]]:
    try:
        content = read_file(file.path)
    except DocumentError as error:
        raise UnusablePeople(str(error)) from None
    if content is None:
        raise UnusablePeople(f"{file.path}: the file is empty; it must {_FORM}")
    validator = Validator(SCHEMA, Definitions(document.content), answer=False)
    violations = (tell_situations(one, content, systems) for one in validator.violations(content, where="body"))
    told = [file.tell(one.path, one.detail) for one in violations]
    if told:
        more = [f"And {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
        raise UnusablePeople(".\n  ".join(told[:_MOST_TOLD] + more))
    found: Sequence[Mapping[str, Any]] = content[_ROOT]
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(_REFERENCE)
        for one in node.values():
            yield from _references(one)
    elif isinstance(node, list):
        for one in node:
            yield from _references(one)


def _rewritten(node: Any) -> Any:
    """Let references lead to the definitions of the file itself."""
    if isinstance(node, Mapping):
        return {
            name: one.replace(_REFERENCE, "#/$defs/") if name == "$ref" and isinstance(one, str) else _rewritten(one)
            for name, one in node.items()
        }
    return [_rewritten(one) for one in node] if isinstance(node, list) else node
