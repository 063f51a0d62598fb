"""``/__admin/faults``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.faults import (
    arm_fault,
    change_fault,
    change_faults,
    disarm_fault,
    disarm_faults,
    list_faults,
    look_at_fault,
)
from watchword.control.sandboxes import enter_sandbox
from watchword.edge.public_url import path_of
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox
from watchword.sandbox.faults import ArmedFault
from watchword.system import Answer, Call


@dataclass(frozen=True)
class FaultHandlers:
    """The handlers for what is armed in the sandbox that a call names."""

    imitated: ServedApi

    def list(self, call: Call) -> Answer:
        """List all, oldest first."""
        return _all(list_faults(self._sandbox(call)))

    def arm(self, call: Call) -> Answer:
        """Arm one more."""
        armed = arm_fault(self.imitated, self._sandbox(call), call.body)
        location = f"{path_of(call.root_url)}/__admin/faults/{armed.id}"
        return Answer(201, shapes.fault(armed), {"Location": location})

    def change_all(self, call: Call) -> Answer:
        """Change every one."""
        return _all(change_faults(self.imitated, self._sandbox(call), call.body))

    def disarm_all(self, call: Call) -> Answer:
        """Disarm every one."""
        disarm_faults(self._sandbox(call))
        return Answer(204)

    def look(self, call: Call) -> Answer:
        """Look at the one that the path names."""
        return Answer(body=shapes.fault(look_at_fault(self._sandbox(call), call.path["id"])))

    def change(self, call: Call) -> Answer:
        """Change the one that the path names."""
        return Answer(body=shapes.fault(change_fault(self.imitated, self._sandbox(call), call.path["id"], call.body)))

    def disarm(self, call: Call) -> Answer:
        """Disarm the one that the path names."""
        disarm_fault(self._sandbox(call), call.path["id"])
        return Answer(204)

    def _sandbox(self, call: Call) -> Sandbox:
        return enter_sandbox(self.imitated.sandboxes, call.sandbox)


def _all(armed: tuple[ArmedFault, ...]) -> Answer:
    return Answer(body={"faults": [shapes.fault(one) for one in armed]})
