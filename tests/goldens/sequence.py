"""Chance as it was when the answers were recorded: one sequence for all systems of a sandbox, the same in each."""

from collections.abc import Mapping
from typing import Any

from watchword.domain.chance import Chance, ReplayableChance
from watchword.sandbox.chances import Chances


class _Replayable(ReplayableChance):
    def of(self, _owner: str) -> Chance:
        return self


class _Sequence(Chance):
    def of(self, _owner: str) -> Chance:
        return self

    def replayable(self) -> ReplayableChance:
        return _Replayable(self.source)


class OneSequence(Chances):
    """Gives every system the same sequence."""

    def __init__(self, random_seed: int | None, sandbox: str) -> None:
        super().__init__(random_seed, sandbox)
        self._only: Chance = _Sequence(random_seed)

    def of(self, _system: str) -> Chance:
        """Give the one sequence."""
        return self._only

    def restore(self, by_system: Mapping[str, Any]) -> None:
        """Continue the one sequence, which was persisted without a system."""
        if "" in by_system:
            self._only = _Sequence.from_state(by_system[""].export_state())
