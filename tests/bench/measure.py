"""Measured values: one for each round, or the reason why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measure:
    """
    One measured quantity of one target.

    Args:
        group: The table in which it is shown.
        what: The row.
        target: The column: what was measured.
        values: One for each round, in order; empty if it could not be measured.
        note: For example the status of the answers; without values, the reason.
    """

    group: str
    what: str
    target: str
    unit: str
    values: tuple[float, ...]
    note: str = ""

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """The spread of the rounds: greatest minus least, divided by the median."""
        return (max(self.values) - min(self.values)) / self.median if self.median else 0.0

    def per(self, other: "Measure", *, what: str, unit: str = "×") -> "Measure":
        """Divide by *other*, round by round, because the values of one round were measured close together."""
        quotients = tuple(mine / its for mine, its in zip(self.values, other.values, strict=False) if its)
        return Measure(self.group, what, self.target, unit, quotients, other.target)


class Measures:
    """All values of one run, in order."""

    def __init__(self, measures: Iterable[Measure] = ()) -> None:
        self._all = list(measures)

    def add(self, *measures: Measure) -> None:
        """Add *measures*."""
        self._all.extend(measures)

    def failed(self, group: str, what: str, target: str, reason: str) -> None:
        """Add the reason why something could not be measured."""
        self.add(Measure(group, what, target, "", (), reason))

    def group(self, group: str) -> list[Measure]:
        """List the measures of one table."""
        return [one for one in self._all if one.group == group]

    def find(self, group: str, what: str, target: str) -> Measure | None:
        """Find a measure that has values."""
        return next((one for one in self.group(group) if (one.what, one.target) == (what, target) and one.values), None)

    def repeated(self) -> list[Measure]:
        """List the measures with more than one round."""
        return [one for one in self._all if len(one.values) > 1]

    def as_json(self) -> list[dict[str, Any]]:
        """Return everything as JSON types."""
        return [asdict(one) for one in self._all]

    @classmethod
    def from_json(cls, rows: Sequence[dict[str, Any]]) -> "Measures":
        """Read what `as_json` returned."""
        return cls(Measure(**{**row, "values": tuple(row["values"])}) for row in rows)
