"""``/__admin/snapshots``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.sandboxes import enter_sandbox
from watchword.control.snapshots import drop_snapshot, list_snapshots, restore_snapshot, save_snapshot
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class SnapshotHandlers:
    """The handlers for the snapshots of the sandbox that a call names."""

    sandboxes: Sandboxes

    def list(self, call: Call) -> Answer:
        """List them, oldest first."""
        found = list_snapshots(self.sandboxes, self._sandbox(call))
        return Answer(body={"snapshots": [shapes.snapshot(one) for one in found]})

    def save(self, call: Call) -> Answer:
        """Save one, under the name in the body or a new one."""
        saved = save_snapshot(self.sandboxes, self._sandbox(call), (call.body or {}).get("name"))
        return Answer(201, shapes.snapshot(saved))

    def restore(self, call: Call) -> Answer:
        """Put the sandbox back to the one that the path names."""
        return Answer(body=shapes.sandbox(restore_snapshot(self.sandboxes, self._sandbox(call), call.path["name"])))

    def drop(self, call: Call) -> Answer:
        """Forget the one that the path names."""
        drop_snapshot(self.sandboxes, self._sandbox(call), call.path["name"])
        return Answer(204)

    def _sandbox(self, call: Call) -> Sandbox:
        return enter_sandbox(self.sandboxes, call.sandbox)
