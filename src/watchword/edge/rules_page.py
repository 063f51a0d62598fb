"""The page that says what decides the answers of each operation, and what a proposal changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from watchword.document import Operation
from watchword.document.changed_operations import ChangedOperation, changed_operations
from watchword.document.differences import Place
from watchword.domain.rule import Rule
from watchword.edge.changed_start import ChangedStart, changed_start
from watchword.edge.served_api import ServedApi
from watchword.edge.templating import templates

_HERE = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class ToldOperation:
    """
    An operation as the page tells it.

    Args:
        rules: What decides its answers, in the order of checks; what refuses nothing comes last.
        unknown: The ids of rules that it names and that do not exist.
        change: What became of it; None for nothing.
        is_example: Whether it is answered from the document's examples.
    """

    operation: Operation
    rules: tuple[Rule, ...]
    unknown: tuple[str, ...]
    change: ChangedOperation | None
    is_example: bool

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        return str(self.operation.raw.get("summary", ""))


def write_rules_page(api: ServedApi, before: ServedApi | None, system: str, proposal: str) -> str:
    """
    Write the page of one system.

    Args:
        api: What the page is about.
        before: What a proposal begins with; None if *api* is no proposal.
        system: Its name; empty if *api* has none.
        proposal: The name of the proposal; empty for none.
    """
    changes = tuple(changes_of(api, before))
    today = before or api
    found = {
        "titles": {name: api.systems[name].title for name in api.document.system_names},
        "system": system,
        "proposal": proposal,
        "documents": {one.proposal: system in one.document.system_names for one in today.alternatives},
        "overlays": api.overlays.files,
        "changes": changes,
        "start": _changed_start(api, before),
        "at": {Place(one.method, one.path): one for one in api.document.operations.values()},
        "operations": tuple(_told(api, system, {one.place: one for one in changes})),
    }
    return _template().render(found)


@cache
def _template() -> Template:
    return templates(_HERE).get_template("rules.html")


def changes_of(api: ServedApi, before: ServedApi | None) -> Iterator[ChangedOperation]:
    """
    Tell what became of the operations of today's document in a proposal, or else of what was written under overlays.

    Args:
        before: What a proposal begins with; None if *api* is no proposal.
    """
    original = api.overlays.original if before is None else before.document
    return iter(()) if original is None else changed_operations(original.content, api.document.content)


def _changed_start(api: ServedApi, before: ServedApi | None) -> ChangedStart:
    """Tell what sandboxes begin with otherwise, by the same rule as `changes_of`."""
    former = api.overlays.original_start if before is None else before.start
    return ChangedStart() if former is None else changed_start(former, api.start, api.sandboxes.systems)


def _told(api: ServedApi, system: str, changes: dict[Place, ChangedOperation]) -> Iterator[ToldOperation]:
    known = {rule.id: rule for rule in api.systems[system].catalogue()} if system else {}
    for one in api.document.operations.values():
        if one.system == system:
            ordered = _in_order(api, one)
            yield ToldOperation(
                one,
                tuple(known[rule] for rule in ordered if rule in known),
                tuple(rule for rule in ordered if rule not in known),
                changes.get(Place(one.method, one.path)),
                one.id not in api.handlers,
            )


def _in_order(api: ServedApi, operation: Operation) -> Sequence[str]:
    """Put the rules of an operation into the order in which they are asked, as far as that is declared."""
    name = operation.id.partition(".")[2]
    orders = (one for one in api.systems[operation.system].orders if one.operation == name)
    steps = [step.rule for one in orders for step in one.steps]
    return sorted(operation.rules, key=lambda rule: steps.index(rule) if rule in steps else len(steps))
