"""Names that the journal is asked for: one that nothing has is told with the nearest that exist."""

from collections.abc import Collection, Iterator

from watchword.control.errors import SettingViolation
from watchword.control.journal import JournalReader
from watchword.domain.alike import tell_alike
from watchword.journal.search import Filter


def find_unknown_names(
    reader: JournalReader,
    sandbox: str | None,
    *,
    operation: str = "",
    system: str = "",
    rule: str = "",
    person: str = "",
    code: str = "",
    outcome: str = "",
) -> list[SettingViolation]:
    """
    List which of the names nothing has, each with the nearest ones; empty texts are no names.

    Args:
        sandbox: Whose people are meant; empty or None if that is not decided, and then no person is unknown.
        operation: An operation's id; with a star at its end all that begin so.
        person: A name, a login name or an id.
        code: A vendor's code: known are those of the documents, and of what was answered.
        outcome: The name of a documented answer.
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
    if code and code not in reader.codes and not reader.find(sandbox, Filter(code=code), limit=1).entries:
        found += _unknown("code", code, reader.codes)
    found += _unknown("outcome", outcome, reader.outcomes)
    return found


def _unknown(field: str, name: str, known: Collection[str]) -> Iterator[SettingViolation]:
    if name and name not in known:
        yield SettingViolation((field,), f"is not known here; {tell_alike(name, known)}")
