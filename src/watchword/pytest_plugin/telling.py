"""What a failing test is told of its requests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchword.client import Entry, Sandbox

_SHOWN_ENTRIES = 20
STRICT = frozenset(("undocumented", "unmatched", "media-type", "wrong-type"))
"""The kinds of findings of a client that knows another document."""


def sent_outside(box: "Sandbox") -> list[str]:
    """Say what a test sent outside the document, a line each."""
    from watchword.client.reports import tell_finding  # noqa: PLC0415  # loaded already

    found = box.findings()
    return [f"  {tell_finding(one)}" for one in found if one["kind"] in STRICT]


def requests_of(box: "Sandbox") -> list[str]:
    """Show the newest requests of a test, oldest first, with the reasons of those that were refused."""
    from watchword.client import WatchwordError  # noqa: PLC0415  # loaded already

    try:
        entries = box.journal.find(limit=_SHOWN_ENTRIES)
        return [line for entry in reversed(entries) for line in _shown(box, entry)]
    except WatchwordError as error:
        return [f"The journal cannot be read: {error}"]


def _shown(box: "Sandbox", entry: "Entry") -> Iterator[str]:
    people = f"  {' '.join(entry.people)}" if entry.people else ""
    yield f"{entry.method} {entry.url} {entry.status or 'no answer'}{people}"
    if entry.status >= 400:
        yield f"    {box.journal.explain(entry)['sentence']}"
    for one in entry.violations:
        yield f"    {one['where']} {one['pointer']}: {one['message']}"
