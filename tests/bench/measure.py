"""What was measured: one value per round, and why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measure:
    """
    One quantity of one target.

    Args:
        group: The table it belongs to.
        what: The row.
        target: The column: who was measured.
        values: One per round, in the order of the rounds; empty if it was not measured.
        note: What else is to be said, for example the status that was answered; without values the reason.
    """

    group: str
    what: str
    target: str
    unit: str
    values: tuple[float, ...]
    note: str = ""

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """How far the rounds lie apart: greatest minus least, as a part of the median."""
        return (max(self.values) - min(self.values)) / self.median if self.median else 0.0

    def per(self, other: "Measure", *, what: str, unit: str = "×") -> "Measure":
        """Divide by *other*, round by round: each quotient is of two neighbours in time."""
        quotients = tuple(mine / its for mine, its in zip(self.values, other.values, strict=False) if its)
        return Measure(self.group, what, self.target, unit, quotients, other.target)


class Measures:
    """Everything that one run measured, in its order."""

    def __init__(self, measures: Iterable[Measure] = ()) -> None:
        self._all = list(measures)

    def add(self, *measures: Measure) -> None:
        """Keep *measures*."""
        self._all.extend(measures)

    def failed(self, group: str, what: str, target: str, reason: str) -> None:
        """Say that something was not measured."""
        self.add(Measure(group, what, target, "", (), reason))

    def group(self, group: str) -> list[Measure]:
        """List one table's measures."""
        return [one for one in self._all if one.group == group]

    def find(self, group: str, what: str, target: str) -> Measure | None:
        """Find one that was measured."""
        return next((one for one in self.group(group) if (one.what, one.target) == (what, target) and one.values), None)

    def repeated(self) -> list[Measure]:
        """List what was measured more than once."""
        return [one for one in self._all if len(one.values) > 1]

    def as_json(self) -> list[dict[str, Any]]:
        """Write everything as JSON types."""
        return [asdict(one) for one in self._all]

    @classmethod
    def from_json(cls, rows: Sequence[dict[str, Any]]) -> "Measures":
        """Read what `as_json` wrote."""
        return cls(Measure(**{**row, "values": tuple(row["values"])}) for row in rows)
