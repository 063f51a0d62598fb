"""``/__admin/agenda``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.agenda import read_agenda
from watchword.control.sandboxes import enter_sandbox
from watchword.sandbox import Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class AgendaHandlers:
    """The handler for what is going to happen by itself in the sandbox that a call names."""

    sandboxes: Sandboxes

    def read(self, call: Call) -> Answer:
        """List it, soonest first."""
        found = read_agenda(self.sandboxes, enter_sandbox(self.sandboxes, call.sandbox))
        return Answer(body={"events": [shapes.event(one) for one in found]})
