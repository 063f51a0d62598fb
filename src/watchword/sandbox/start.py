"""What a fresh sandbox begins with because of the document that describes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from watchword.sandbox.faults import ArmedFault, FaultPlan
from watchword.system.settings import SettingsBySystem


@dataclass(frozen=True)
class Start:
    """
    What a fresh sandbox begins with.

    Args:
        settings: By system; the others begin with their defaults.
        faults: What goes wrong there on purpose.
    """

    settings: SettingsBySystem = field(default_factory=dict)
    faults: Sequence[FaultPlan] = ()


class Followed(NamedTuple):
    """
    What a sandbox has of its own and of what a fresh one begins with.

    Args:
        settings: By system.
        faults: Those that are armed.
        fault_count: How many were armed since the last reset.
        fresh_settings, fresh_faults: Those of a fresh sandbox.
    """

    settings: SettingsBySystem
    faults: tuple[ArmedFault, ...]
    fault_count: int
    fresh_settings: SettingsBySystem
    fresh_faults: Sequence[FaultPlan]
