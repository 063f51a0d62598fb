"""Which setting makes an answer differ: the one that, put back alone, makes HEAD answer as BASE does."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from watchword.review.behaviour_diff.knobs import Setting, differing_settings
from watchword.review.use_diff.answers import difference
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import Acted, Stage
from watchword.sandbox import Sandbox
from watchword.system.setting_faults import InvalidSettings

Answer = Callable[[Setting], Iterable[Acted | None]]
"""Gives what HEAD answers with a setting put back: at once, and then if it had been so from the beginning."""


class Causes:
    """
    Finds what makes answers differ.

    Args:
        base, head: The sides.
    """

    def __init__(self, base: Stage, head: Stage) -> None:
        self.base, self.head = base, head
        self._found: dict[object, Setting | None] = {}

    def find(
        self,
        entries: tuple[Recorded, Recorded],
        sandboxes: tuple[Sandbox, Sandbox],
        origin: object,
        answer: Answer,
    ) -> Setting | None:
        """
        Find the setting that makes the answers to a request differ.

        Args:
            entries: The answers of BASE and of HEAD; answers that differ alike have one cause.
            sandboxes: Those of BASE and of HEAD.
            origin: The earlier answer that they follow from; None if they do from none.
            answer: Asks HEAD again.

        Returns:
            None if no single one does.
        """
        base, head = entries
        key = (base.operation, base.told, head.told, *base.decided_by, *head.decided_by, origin)
        if key not in self._found:
            settings = differing_settings(
                base.system, _read(sandboxes[0], base.system), _read(sandboxes[1], base.system)
            )
            self._found[key] = next((one for one in settings if _makes_equal(one, base, answer)), None)
        return self._found[key]


def _makes_equal(setting: Setting, base: Recorded, answer: Answer) -> bool:
    try:
        return any(one is not None and not difference(base, one.entry) for one in answer(setting))
    except InvalidSettings:
        return False  # it contradicts another one


def _read(sandbox: Sandbox, system: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = sandbox.settings[system].model_dump(mode="json")
    return found
