"""The same operations over another protocol than the document's HTTP and JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from watchword.contract.driver import Reply, Request
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Step, Tune
from watchword.document import Operation


@dataclass(frozen=True)
class OtherWire:
    """
    A protocol that a system speaks besides.

    Args:
        path: Gives where an operation is called, by its id; None if it cannot be.
        call: Makes the call that means the same; its body is JSON.
        is_answer: Whether an answer is one of this protocol.
        read: Makes the answer that means the same over HTTP and JSON.
        is_spoken: Whether servers with these settings speak it.
        encode: Makes the request of a call whose body is not JSON over this protocol.
        carries: Whether a call can be told at all.
        program: What sends a call from a shell; it has curl's flags for headers and bodies.
    """

    name: str
    path: Callable[[str], str | None]
    call: Callable[[Call], Call]
    is_answer: Callable[[Reply], bool]
    read: Callable[[Call, Reply], Reply]
    is_spoken: Callable[[Mapping[str, Any]], bool]
    encode: Callable[[Request], Request] = lambda request: request
    carries: Callable[[Call], bool] = lambda _call: True
    program: str = "curl -sS -X POST"

    def can_tell(self, scenario: Scenario, tuned: Mapping[str, Any]) -> bool:
        """Whether a scenario means the same over this protocol, on a server with the settings *tuned*."""
        settings = dict(tuned)
        for step in scenario.steps:
            if isinstance(step, Tune):
                settings |= step.settings
            elif isinstance(step, Call) and not (self._carries(step) and self.is_spoken(settings)):
                return False
        return True

    def tell(self, scenario: Scenario) -> Scenario:
        """Tell a scenario over this protocol."""
        variant = f"{scenario.variant}, over {self.name}" if scenario.variant else f"over {self.name}"
        return replace(scenario, steps=tuple(map(self._step, scenario.steps)), variant=variant)

    def operations(self, operations: Mapping[str, Operation]) -> Mapping[str, Operation]:
        """Say of operations how they are called."""
        return {
            name: replace(one, method="POST", path=path)
            for name, one in operations.items()
            if (path := self.path(name)) is not None
        }

    def _step(self, step: Step) -> Step:
        return self.call(step) if isinstance(step, Call) else step

    def _carries(self, call: Call) -> bool:
        """Whether a call is about more than how a text is written in HTTP."""
        fields = (call.body if call.body is not None else {}), call.query
        named = all(isinstance(one, Mapping) for one in fields)
        is_about_more = named and "content-type" not in call.headers and self.path(call.operation) is not None
        return is_about_more and self.carries(call)
