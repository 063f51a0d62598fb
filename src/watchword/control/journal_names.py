"""Names that the journal is asked for: one that nothing has is told with the nearest that exist."""

from collections.abc import Collection, Iterator

from watchword.control.errors import SettingViolation
from watchword.control.journal import JournalReader
from watchword.document.outcomes import NO_BODY
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
    for field, name, wanted in (("code", code, Filter(code=code)), ("outcome", outcome, Filter(outcome=outcome))):
        if name and not reader.find(sandbox, wanted, limit=1).entries:
            found += _unknown(field, name, _documented(reader, field))
    return found


def _documented(reader: JournalReader, field: str) -> Collection[str]:
    """List the names of the documents' answers, or the codes in them."""
    found: dict[str, None] = {}
    for api in (reader.imitated, *reader.documents):
        for operation in api.document.operations.values():
            for status, shape in operation.responses.items():
                if field == "outcome":
                    found |= dict.fromkeys(shape.examples or (NO_BODY,))
                elif status.isdigit() and operation.system in api.systems:
                    codes = api.systems[operation.system].code_of
                    found |= {code: None for one in shape.examples.values() for code in codes(int(status), one)}
    return found


def _unknown(field: str, name: str, known: Collection[str]) -> Iterator[SettingViolation]:
    if name and name not in known:
        yield SettingViolation((field,), f"is not known here; nearest: {tell_alike(name, known)}")
