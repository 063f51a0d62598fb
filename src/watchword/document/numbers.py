"""Example numbers within bounds."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from watchword.document.merging import Flat


def make_number(flat: Flat, variant: int, *, whole: bool) -> int | float | None:
    """
    Make a number, 0 if that is within the bounds.

    Args:
        variant: 0 for the first number; others make other numbers.

    Returns:
        None if there is none within the bounds.
    """
    step = _exact(flat.get("multipleOf", 1))
    low, low_open = _bound(flat, "minimum", "exclusiveMinimum", max)
    high, high_open = _bound(flat, "maximum", "exclusiveMaximum", min)
    if whole and step.denominator != 1:
        step *= step.denominator
    first = Fraction(0)
    if low is not None and (low > 0 or (low_open and low == 0)):
        first = ceil(low / step) * step
        first += step if low_open and first == low else 0
    elif high is not None and (high < 0 or (high_open and high == 0)):
        first = floor(high / step) * step
        first -= step if high_open and first == high else 0
    down = high is not None and (low is None or first + variant * step > high)
    made = first + variant * step * (-1 if down and (low is None or first - variant * step >= low) else 1)
    if _within(made, low, high, low_open=low_open, high_open=high_open):
        return int(made) if made.denominator == 1 else float(made)
    if whole or "multipleOf" in flat or low is None or high is None:
        return None
    made = low + (high - low) / (variant + 2)
    if not _within(made, low, high, low_open=low_open, high_open=high_open):
        return None
    return float(made)


def _within(made: Fraction, low: Fraction | None, high: Fraction | None, *, low_open: bool, high_open: bool) -> bool:
    return not (
        (low is not None and (made < low or (low_open and made == low)))
        or (high is not None and (made > high or (high_open and made == high)))
    )


def _bound(
    flat: Flat, closed: str, opened: str, tightest: Callable[[Fraction, Fraction], Fraction]
) -> tuple[Fraction | None, bool]:
    """Give a bound, and whether it is exclusive."""
    at = _exact(flat[closed]) if closed in flat else None
    beyond = _exact(flat[opened]) if opened in flat else None
    if beyond is None:
        return at, False
    return beyond if at is None else tightest(at, beyond), at is None or tightest(at, beyond) == beyond


def _exact(number: float) -> Fraction:
    """Take a number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))
