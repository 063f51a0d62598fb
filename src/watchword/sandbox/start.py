"""What a fresh sandbox begins with because of the document that describes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from watchword.sandbox.faults import FaultPlan
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
