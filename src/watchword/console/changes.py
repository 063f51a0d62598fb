"""What a request did to the state of a sandbox, in words for its page."""

from dataclasses import dataclass

from watchword.console.site import Site
from watchword.console.visit import Visit
from watchword.control.people import find_people
from watchword.journal.effects import Done, FieldChange, state_changes


@dataclass(frozen=True, slots=True)
class ShownChange:
    """
    One record that a request made, changed or removed.

    Args:
        title: What it is, such as "Access token".
        person: The name of the person whom it belongs to; empty if nobody is known by its id.
    """

    title: str
    person: str
    done: Done
    fields: tuple[FieldChange, ...]


def shown_changes(site: Site, visit: Visit, identifier: str) -> tuple[ShownChange, ...]:
    """List what the request called *identifier* did."""
    captured = site.reader.captured(visit.sandbox.name, identifier)
    exchange, found = captured.exchange, state_changes(captured)
    if exchange is None or not found:
        return ()
    then = site.reader.people_of(exchange)
    # Whom the request itself made was nobody then.
    now = {one.id: one.name for one in find_people(site.sandboxes, visit.sandbox.name)}

    def name(whose: str) -> str:
        return next(iter(then.names_of(exchange, [whose])), now.get(whose, ""))

    return tuple(ShownChange(_title(one.table), name(one.whose), one.done, one.fields) for one in found)


def _title(table: str) -> str:
    """Name one of what is in a table, whose name is the system's and a plural."""
    words = table.partition("_")[2].replace("_", " ")
    return (f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")).capitalize()
