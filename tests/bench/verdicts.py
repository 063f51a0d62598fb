"""Two commits as one table: a row for everything measured, and a verdict on each."""

from dataclasses import dataclass

from tests.bench.measure import Measure, Measures
from tests.bench.report import figure, number, table, undisturbed

GROUP, SHARE = "against", "share"
THIS, THAT = "this", "that"
ALIKE = 5
"""In percent: what lies no farther apart is called alike."""
_WORDS = {"req/s": ("slower", "faster"), "MiB": ("less", "more")}
"""What a ratio below and above one is called, by unit."""
_DURATION = ("faster", "slower")


@dataclass(frozen=True)
class Comparison:
    """
    A finished comparison.

    Args:
        date: ISO 8601.
        this: The present commit, as a reader knows it.
        that: The other one.
        dependencies: How those of the two differ; empty if they do not.
        measures: Of the targets `THIS` and `THAT`, one value a round.
    """

    date: str
    quick: bool
    rounds: int
    this: str
    that: str
    dependencies: str
    machine: dict[str, str]
    measures: Measures


def verdict(ratio: Measure, unit: str) -> str:
    """Judge a *ratio*, this by that, of quantities in some *unit*."""
    percent = round((ratio.median - 1) * 100)
    if abs(percent) <= ALIKE:
        return f"within {ALIKE} %"
    below, above = _WORDS.get(unit, _DURATION)
    return f"{above if percent > 0 else below} by {abs(percent)} %"


def compared(comparison: Comparison) -> str:
    """Write everything down."""
    found = comparison.measures
    kind = "a quick run, for a first look only" if comparison.quick else f"{comparison.rounds} rounds"
    parts = [
        f"# {comparison.this} against {comparison.that}",
        f"Made by `make bench AGAINST={comparison.that}` on {comparison.date}: {kind}, "
        "each with newly started servers that are loaded in turn. "
        "The ratio is this by that, of two loads that followed each other: the median of the rounds, "
        "with the least and the greatest of them. Where rate and processor time disagree, believe the latter: "
        "what else the machine does moves it less.",
        "\n".join(f"- {name}: {value}" for name, value in comparison.machine.items()),
        comparison.dependencies,
        table(
            ["", f"this: {comparison.this}", f"that: {comparison.that}", "this / that", "verdict"],
            [_row(found, what) for what in dict.fromkeys(one.what for one in found.group(GROUP))],
        ),
        # A single load that was disturbed does not move a median.
        "\n".join(undisturbed("each server", [one.median for one in found.group(SHARE)])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(found: Measures, what: str) -> list[str]:
    this, that = (found.find(GROUP, what, side) for side in (THIS, THAT))
    if this is None or that is None:
        failed = next(one for one in found.group(GROUP) if one.what == what)
        return [what, figure(None), figure(None), figure(None), figure(failed)]
    ratio = this.per(that, what=what)
    judged = verdict(ratio, this.unit) + (f" ({this.note})" if this.note else "")
    return [what, number(this.median), number(that.median), figure(ratio), judged]
