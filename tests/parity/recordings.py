"""
The recorded cases.

Each line of a file is one case: a name, and steps that were sent in turn to a fresh set of people.
``send`` is the request, ``expect`` what the real server answered; README.md beside this file has the words.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recordings"
RELEASES = ("v2.65", "v4.2", "v4.6")


@dataclass(frozen=True)
class Case:
    """
    One recorded case.

    Args:
        release: The profile that has to answer alike.
        kind: The name of the file: what was asked, and over which protocol.
    """

    release: str
    kind: str
    name: str
    steps: tuple[Mapping[str, Any], ...]

    @property
    def id(self) -> str:
        """The case as reports and explanations name it."""
        return f"{self.release}/{self.kind}: {self.name}"


def kinds(release: str) -> list[str]:
    """List the kinds of cases that were recorded for *release*."""
    return sorted(path.stem for path in (FOLDER / release).glob("*.jsonl"))


def cases(release: str, kind: str) -> Iterator[Case]:
    """Read the cases of one file."""
    with (FOLDER / release / f"{kind}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            read = json.loads(line)
            yield Case(release, kind, read["case"], tuple(read["steps"]))


def all_cases() -> Iterator[Case]:
    """Read everything."""
    for release in RELEASES:
        for kind in kinds(release):
            yield from cases(release, kind)
