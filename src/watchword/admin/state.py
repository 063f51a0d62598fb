"""``/__admin/state``."""

from dataclasses import dataclass
from typing import Any

from watchword.admin import journal_shapes, shapes
from watchword.control.journal import JournalReader
from watchword.control.sandboxes import enter_sandbox
from watchword.control.state import export_state, import_state
from watchword.edge.served_api import ServedApi
from watchword.journal.search import Filter
from watchword.system import Answer, Call

PATH = "/__admin/state"
MOST_BYTES = 256 * 1024 * 1024
"""Of a sandbox that is imported, whatever the limit of other bodies is."""


@dataclass(frozen=True)
class StateHandlers:
    """The handlers for all of the sandbox that a call names, as one document."""

    imitated: ServedApi
    journal: JournalReader

    def export(self, call: Call) -> Answer:
        """Write all of it, with its journal if the call asks for that."""
        written = export_state(self.imitated, enter_sandbox(self.imitated.sandboxes, call.sandbox))
        if call.query.get("journal"):
            written["journal"] = self._entries(call.sandbox)
        return Answer(body=written)

    def restore(self, call: Call) -> Answer:
        """Put what was exported in its place."""
        return Answer(body=shapes.sandbox(import_state(self.imitated, call.sandbox, call.body)))

    def _entries(self, sandbox: str) -> list[dict[str, Any]]:
        found = self.journal.find(sandbox, Filter(), limit=self.journal.held.capacity)
        return [journal_shapes.entry(one) for one in found.entries]
