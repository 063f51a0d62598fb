"""What a gate says of the report of coverage."""

from collections.abc import Mapping, Sequence
from typing import Any

FORMS = ("html", "json", "md", "text")
"""In which the control API writes it."""


def tell_shortfall(report: Mapping[str, Any], wanted: float | None) -> str:
    """
    Say that too little was reached; empty if it was enough.

    Args:
        wanted: Percent of the documented answers; None for any.
    """
    reached = report["summary"]["outcomes"]["percent"]
    if wanted is None or reached >= wanted:
        return ""
    return f"FAILED: {reached:g} % of the documented answers were reached, not {wanted:g} %."


def tell_left_out(systems: Sequence[str]) -> str:
    """Say which systems do not count; empty if all do."""
    if not systems:
        return ""
    names = " and ".join(filter(None, (", ".join(systems[:-1]), systems[-1])))
    verb, them = ("is", "it") if len(systems) == 1 else ("are", "them")
    return f"{names} {verb} not counted: nothing of {them} was called. The operations '*' are those of all systems."


def tell_finding(finding: Mapping[str, Any]) -> str:
    """Say what was found, and where."""
    place = " ".join(filter(None, (finding["what"], finding["where"], finding["pointer"])))
    return f"{finding['kind']}: {place}: {finding['message']}"
