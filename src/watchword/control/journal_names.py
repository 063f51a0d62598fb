"""Names that the journal is asked for: one that nothing has is told with the nearest that exist."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from watchword.control.errors import SettingViolation
from watchword.control.journal import JournalReader

_MOST_SHOWN = 5
_CUTOFF = 0.5
"""How alike two names have to be, from 0 to 1."""


def find_unknown_names(
    reader: JournalReader,
    sandbox: str | None,
    *,
    operation: str = "",
    system: str = "",
    rule: str = "",
    person: str = "",
) -> list[SettingViolation]:
    """
    List which of the names nothing has, each with the nearest ones; empty texts are no names.

    Args:
        sandbox: Whose people are meant; empty or None if that is not decided, and then no person is unknown.
        operation: An operation's id; with a star at its end all that begin so.
        person: A name, a login name or an id.
    """
    found = [*_unknown("system", system, reader.systems)]
    if operation.endswith("*"):
        if not any(one.startswith(operation[:-1]) for one in reader.operations):
            found += _unknown("operation", operation, reader.operations)
    else:
        found += _unknown("operation", operation, reader.operations)
    found += _unknown("rule", rule, [one.id for one, _ in reader.imitated.rules()])
    if person and sandbox and reader.name_in(sandbox, person) is None:
        found += _unknown("person", person, reader.names_in(sandbox))
    return found


def _unknown(field: str, name: str, known: Collection[str]) -> Iterator[SettingViolation]:
    if not name or name in known:
        return
    by_folded = {one.casefold(): one for one in known}
    near = [by_folded[one] for one in get_close_matches(name.casefold(), by_folded, _MOST_SHOWN, _CUTOFF)]
    shown = ", ".join(near or list(known)[:_MOST_SHOWN])
    yield SettingViolation((field,), f"is not known here; nearest: {shown or 'none'}")
