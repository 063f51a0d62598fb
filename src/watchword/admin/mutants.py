"""``/__admin/mutants``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.mutants import MutantCatalogue, set_mutants
from watchword.control.sandboxes import enter_sandbox
from watchword.sandbox import Sandbox
from watchword.system import Answer, Call


@dataclass(frozen=True)
class MutantHandlers:
    """The handlers for the mutants of the sandbox that a call names."""

    catalogue: MutantCatalogue

    def list(self, call: Call) -> Answer:
        """List those that the sandbox has; or all that there are."""
        if not call.query.get("available"):
            active = self.catalogue.active(self._sandbox(call))
            return Answer(body={"mutants": [shapes.mutant(one) for one in active]})
        found = self.catalogue.find(system=call.query.get("system"), patterns=[call.query.get("prefix", "")])
        return Answer(body={"mutants": [shapes.mutant(one) for one in found]})

    def replace(self, call: Call) -> Answer:
        """Let the sandbox have those that the body names, and no others."""
        active = set_mutants(self.catalogue, self._sandbox(call), call.body["mutants"])
        return Answer(body={"mutants": [shapes.mutant(one) for one in active]})

    def _sandbox(self, call: Call) -> Sandbox:
        return enter_sandbox(self.catalogue.api.sandboxes, call.sandbox)
