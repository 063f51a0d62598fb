"""What a request did to the state of a sandbox, in words for its page."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchword.console.site import Site
from watchword.console.visit import Visit
from watchword.control.people import find_people
from watchword.journal.effects import Done, FieldChange, StateChange, state_changes


@dataclass(frozen=True, slots=True)
class ShownChange:
    """
    One record that a request made, changed or removed.

    Args:
        title: What it is, such as "Access token".
        person: The name of the person whom it belongs to; empty if nobody here is known by its id.
    """

    title: str
    person: str
    done: Done
    fields: tuple[FieldChange, ...]


def shown_changes(site: Site, visit: Visit, identifier: str) -> tuple[ShownChange, ...]:
    """List what the request called *identifier* did."""
    found = state_changes(site.reader.captured(visit.sandbox.name, identifier))
    people = {one.id: one.name for one in find_people(site.sandboxes, visit.sandbox.name)} if found else {}
    return tuple(_shown(one, people) for one in found)


def _shown(one: StateChange, people: Mapping[str, str]) -> ShownChange:
    return ShownChange(_title(one.table), people.get(one.whose, ""), one.done, one.fields)


def _title(table: str) -> str:
    """Name one of what is in a table, whose name is the system's and a plural."""
    words = table.partition("_")[2].replace("_", " ")
    return (f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")).capitalize()
