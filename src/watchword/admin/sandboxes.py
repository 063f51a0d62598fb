"""``/__admin/sandboxes`` and ``/__admin/reset``."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.errors import ControlError
from watchword.control.journal import JournalReader
from watchword.control.proposals import known_proposal
from watchword.control.sandboxes import (
    SandboxSummary,
    choose_proposal,
    create_sandbox,
    drop_sandbox,
    fork_sandbox,
    list_sandboxes,
    look_at_sandbox,
    reset_sandbox,
)
from watchword.domain.chance import Chance
from watchword.edge.public_url import path_of
from watchword.sandbox import Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class SandboxHandlers:
    """
    The handlers for sandboxes as a whole.

    Args:
        chance: For names. Not that of a sandbox, whose own sequence would be disturbed.
    """

    sandboxes: Sandboxes
    chance: Chance
    journal: JournalReader

    def list(self, call: Call) -> Answer:
        """List all of them, oldest first, with the one that the call names."""
        found = list_sandboxes(self.sandboxes, within=call.sandbox)
        return Answer(body={"sandboxes": [shapes.sandbox(one) for one in found]})

    def create(self, call: Call) -> Answer:
        """Create one, from the seed data or from another, under the name in the body or a new one."""
        created = self._create(call.sandbox, call.body or {})
        return Answer(
            201, shapes.sandbox(created), {"Location": f"{path_of(call.root_url)}/__admin/sandboxes/{created.name}"}
        )

    def _create(self, within: str, wanted: Mapping[str, str | None]) -> SandboxSummary:
        proposal, is_copy = known_proposal(self.sandboxes, wanted.get("proposal")), wanted.keys() & {"from", "before"}
        if not is_copy:
            return create_sandbox(self.sandboxes, wanted.get("name"), chance=self.chance, proposal=proposal)
        made = self._copy(within, wanted)
        if "proposal" not in wanted:
            return made
        try:
            return choose_proposal(self.sandboxes, made.name, wanted["proposal"])
        except ControlError:
            drop_sandbox(self.sandboxes, made.name)
            raise

    def _copy(self, within: str, wanted: Mapping[str, str | None]) -> SandboxSummary:
        name, source, entry = wanted.get("name"), wanted.get("from"), wanted.get("before")
        if entry is not None:
            if source is not None:
                look_at_sandbox(self.sandboxes, source)
            position, at = self.journal.before(source or within, entry)
            return fork_sandbox(self.sandboxes, source or within, name, chance=self.chance, before=position, at=at)
        return fork_sandbox(self.sandboxes, source or within, name, chance=self.chance)

    def choose(self, call: Call) -> Answer:
        """Let another document describe the one that the path names."""
        return Answer(body=shapes.sandbox(choose_proposal(self.sandboxes, call.path["name"], call.body["proposal"])))

    def look(self, call: Call) -> Answer:
        """Look at the one that the path names."""
        return Answer(body=shapes.sandbox(look_at_sandbox(self.sandboxes, call.path["name"])))

    def drop(self, call: Call) -> Answer:
        """Remove the one that the path names."""
        drop_sandbox(self.sandboxes, call.path["name"])
        return Answer(204)

    def reset(self, call: Call) -> Answer:
        """Put the sandbox that the call names back to its seed data."""
        return Answer(body=shapes.sandbox(reset_sandbox(self.sandboxes, call.sandbox)))
