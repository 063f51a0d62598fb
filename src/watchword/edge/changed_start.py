"""What sandboxes begin with otherwise because of a document, for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from watchword.sandbox.fault_words import tell_fault
from watchword.sandbox.start import Start
from watchword.system import System
from watchword.system.settings import SystemSettings, list_differences

_SHOWN = 60
"""How many characters of a value are shown."""


@dataclass(frozen=True)
class ChangedStart:
    """
    In what two beginnings of a sandbox differ, in words.

    Args:
        settings: ``zitadel.code_minutes: 5 → 7``.
        armed: The faults that only the later one has: ``entrust, ada: answers 503 maintenance``.
        gone: Those that only the former has.
    """

    settings: Sequence[str] = ()
    armed: Sequence[str] = ()
    gone: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether they differ at all."""
        return bool(self.settings or self.armed or self.gone)


def changed_start(before: Start, after: Start, systems: Sequence[System]) -> ChangedStart:
    """Compare two beginnings of a sandbox: the settings of all *systems*, and the faults."""
    return ChangedStart(
        [told for one in systems for told in _changed_settings(one, before.settings, after.settings)],
        [tell_fault(one) for one in after.faults if one not in before.faults],
        [tell_fault(one) for one in before.faults if one not in after.faults],
    )


def _changed_settings(
    system: System, before: Mapping[str, SystemSettings], after: Mapping[str, SystemSettings]
) -> Iterator[str]:
    default = system.settings_model()
    old, new = (one.get(system.name, default).model_dump(mode="json") for one in (before, after))
    for path, *values in list_differences(old, new):
        yield f"{'.'.join((system.name, *path))}: {' → '.join(map(_shown, values))}"


def _shown(value: object) -> str:
    text = "none" if value is None else orjson.dumps(value).decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
