"""``/__admin/sandboxes`` and ``/__admin/reset``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.sandboxes import create_sandbox, drop_sandbox, list_sandboxes, look_at_sandbox, reset_sandbox
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

    def list(self, call: Call) -> Answer:
        """List all of them, oldest first, with the one that the call names."""
        found = list_sandboxes(self.sandboxes, within=call.sandbox)
        return Answer(body={"sandboxes": [shapes.sandbox(one) for one in found]})

    def create(self, call: Call) -> Answer:
        """Create one, under the name in the body or a new one."""
        name = (call.body or {}).get("name")
        created = create_sandbox(self.sandboxes, name, chance=self.chance)
        return Answer(
            201, shapes.sandbox(created), {"Location": f"{path_of(call.root_url)}/__admin/sandboxes/{created.name}"}
        )

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
