"""What came of the trials, and the files that keep it: a run that was stopped goes on from there."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "results"
_WALKS = "walks"


@dataclass(frozen=True)
class Trial:
    """
    A tester and a mutant.

    Args:
        kind: Of the mutant.
        noticed: The first thing that the tester says of the mutant and not of the right server; empty for nothing.
        seconds: Of processor time that it took, with the server's.
    """

    kind: str
    system: str
    noticed: str
    seconds: float


@dataclass
class Record:
    """
    What came of one tester.

    Args:
        version: Which one.
        date: Of the newest trial; ISO 8601.
        mutants: How many there are.
        alarms: What it says of the right server, by system.
        trials: By the id of the mutant.
    """

    version: str = ""
    date: str = ""
    mutants: int = 0
    alarms: dict[str, list[str]] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)


@dataclass
class Walked:
    """
    Random sequences on a right server, in step with the stand-in.

    Args:
        random_seed: From which the next ones are drawn.
        alarms: Differences that were found, though there is none.
    """

    sequences: int = 0
    requests: int = 0
    random_seed: int = 0
    alarms: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """
    Everything.

    Args:
        records: By the name of the tester.
        walked: By system.
    """

    records: Mapping[str, Record]
    walked: Mapping[str, Walked]


@dataclass(frozen=True)
class Files:
    """A file for each tester and one for the walks, so that they can be tried at the same time."""

    folder: Path = KEPT

    def read(self, names: tuple[str, ...]) -> Results:
        """Read everything of these testers."""
        return Results({name: self.record(name) for name in names}, self.walked())

    def record(self, name: str) -> Record:
        """Read what came of a tester so far."""
        values = self._read(name)
        trials = {identifier: Trial(**one) for identifier, one in values.pop("trials", {}).items()}
        return Record(**values, trials=trials)

    def walked(self) -> dict[str, Walked]:
        """Read how far walks have come, by system."""
        return {system: Walked(**one) for system, one in self._read(_WALKS).items()}

    def keep_record(self, name: str, record: Record) -> None:
        """Write what came of a tester."""
        self._write(name, asdict(record))

    def keep_walked(self, walked: Mapping[str, Walked]) -> None:
        """Write how far walks have come."""
        self._write(_WALKS, {system: asdict(one) for system, one in walked.items()})

    def _read(self, name: str) -> dict[str, Any]:
        path = self._path(name)
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        """Write a file: all of it, or what was there before stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(name)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(path)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name.lower()}.json"
