"""
The differences that stay, each with its reason.

``explained.toml`` lists them; the service's README shows the list.
"""

import fnmatch
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.parity.compare import Difference
from tests.parity.recordings import Case

FILE = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True)
class Explanation:
    """
    Why the stand-in answers otherwise than the real service did.

    Args:
        what: What differs, in one sentence.
        why: Why it stays.
        cases: Patterns of the ids of cases.
        places: Patterns of the places in an answer.
        recorded: If it is given, only differences explain themselves whose recorded value contains this text.
    """

    what: str
    why: str
    cases: tuple[str, ...]
    places: tuple[str, ...]
    recorded: str = ""

    def explains(self, case: Case, difference: Difference) -> bool:
        """Whether this is the reason of *difference*."""
        place, recorded, _ = difference
        return (
            any(fnmatch.fnmatchcase(case.id, one) for one in self.cases)
            and any(fnmatch.fnmatchcase(place, one) for one in self.places)
            and self.recorded in str(recorded)
        )


@cache
def explanations() -> Sequence[Explanation]:
    """Read the list."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))["difference"]
    return [
        Explanation(
            one["what"], one["why"], tuple(one["cases"]), tuple(one.get("places", ["*"])), one.get("recorded", "")
        )
        for one in read
    ]


def explanation(case: Case, difference: Difference) -> Explanation | None:
    """Find the reason of a difference; None for one that nobody has explained."""
    return next((one for one in explanations() if one.explains(case, difference)), None)
