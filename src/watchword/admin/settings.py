"""The settings of a sandbox: read, described, replaced, changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from watchword.admin.errors import Contradiction
from watchword.domain.refusal import Violation
from watchword.sandbox import Sandbox
from watchword.sandbox.registry import Sandboxes
from watchword.system import Answer, Call
from watchword.system.settings import SystemSettings, apply_merge_patch


@dataclass(frozen=True)
class Tuning:
    """
    Everything about the settings of the sandbox in question.

    Names and types are judged by the document, which `described` completes from the models;
    what is left to the models is whether the values fit together.
    """

    sandboxes: Sandboxes

    def read(self, call: Call) -> Answer:
        """Write out the settings of all systems."""
        return _answer(self._sandbox(call))

    def describe(self, _call: Call) -> Answer:
        """Give each system's settings as a JSON schema."""
        return Answer(body={one.name: one.settings.model_json_schema() for one in self.sandboxes.systems})

    def replace(self, call: Call) -> Answer:
        """Set what the body names, and take everything else back to its default."""
        sandbox = self._sandbox(call)
        return _keep(sandbox, {name: (type(old)(), call.body.get(name)) for name, old in sandbox.settings.items()})

    def change(self, call: Call) -> Answer:
        """Set what the body names; null takes a setting, or a whole system, back to its default."""
        sandbox = self._sandbox(call)
        return _keep(
            sandbox,
            {
                name: (sandbox.settings[name] if change is not None else type(sandbox.settings[name])(), change)
                for name, change in call.body.items()
            },
        )

    def _sandbox(self, call: Call) -> Sandbox:
        return self.sandboxes.enter(call.sandbox)


def _answer(sandbox: Sandbox) -> Answer:
    return Answer(body={name: settings.model_dump(mode="json") for name, settings in sandbox.settings.items()})


def _keep(sandbox: Sandbox, changes: Mapping[str, tuple[SystemSettings, Mapping[str, Any] | None]]) -> Answer:
    """
    Lay changes over settings, all or none.

    Args:
        changes: By system, what to start from and what to lay over it.

    Raises:
        Contradiction: Values do not fit together.
    """
    new: dict[str, SystemSettings] = {}
    violations: list[Violation] = []
    for name, (old, change) in changes.items():
        try:
            new[name] = apply_merge_patch(old, change or {})
        except ValidationError as error:
            violations += _violations(name, error)
    if violations:
        raise Contradiction(violations)
    sandbox.set_settings(new)
    return _answer(sandbox)


def _violations(system: str, error: ValidationError) -> list[Violation]:
    return [
        Violation(
            "body",
            (system, *(str(step) for step in one["loc"])),
            one["type"],
            detail=one["msg"].removeprefix("Value error, "),
        )
        for one in error.errors(include_url=False, include_input=False)
    ]
