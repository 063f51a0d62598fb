"""The trials: every tester, every mutant, one after the other."""

import json
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.league.broken import BrokenServers
from tests.league.effort import processor_seconds
from tests.league.ours import NAME
from tests.league.results import Files, Record, Trial
from tests.league.tester import CannotTest, Task, Tester
from watchword.control.mutants import ListedMutant

OUR_SECONDS, PEER_SECONDS = 60.0, 30.0
_RIGHT_TIMES = 2
"""On the right server a tester has so much more time: whatever it may say there is no news about a mutant."""


@dataclass
class League:
    """
    One run.

    Args:
        say: Is told how far it is.
        files: Where results are kept after each trial.
        again: Whether mutants that were not noticed are tried once more.
    """

    servers: BrokenServers
    say: Callable[[str], None]
    files: Files
    again: bool = False
    _strict: dict[str, str] = field(default_factory=dict)

    def let_play(self, tester: Tester, mutants: Sequence[ListedMutant]) -> None:
        """Let a tester try *mutants*, as far as it has not tried them."""
        if tester.lacking:
            self.say(f"{tester.name}: not tried: {tester.lacking}")
            return
        record = self.files.record(tester.name)
        record.version, record.mutants = tester.version, len(self.servers.mutants)
        there_are = {one.mutant.id for one in self.servers.mutants}
        record.trials = {name: one for name, one in record.trials.items() if name in there_are}
        for number, one in enumerate(mutants, 1):
            tried = record.trials.get(one.mutant.id)
            if tried is not None and (tried.noticed or not self.again):
                continue
            try:
                trial = self._try(tester, one, record)
            except CannotTest as error:
                self.say(f"{tester.name}: {one.mutant.id}: did not run: {error}")
                continue
            record.trials[one.mutant.id] = trial
            record.date = f"{datetime.now(UTC):%Y-%m-%d}"
            self.files.keep_record(tester.name, record)
            told = trial.noticed or "not noticed"
            self.say(f"{tester.name} [{number}/{len(mutants)}] {one.mutant.id} ({trial.seconds:.1f} s): {told}")

    def _try(self, tester: Tester, one: ListedMutant, record: Record) -> Trial:
        """
        Test a mutant as each of the systems that show it, until it is noticed.

        Raises:
            CannotTest: The tester did not run.
        """
        spent, kind, systems = 0.0, one.mutant.kind.value, systems_of(one)
        for system in systems:
            if system not in record.alarms:
                alarms, _ = self._test(tester, None, system)
                record.alarms[system] = sorted(alarms)
                self.say(f"{tester.name}: {len(alarms)} alarms about the right server, {system}")
            alarms, seconds = self._test(tester, one.mutant.id, system, one.mutant.subject)
            spent += seconds
            if tester.wavers and alarms - set(record.alarms[system]):
                once_more, _ = self._test(tester, None, system)
                record.alarms[system] = sorted(once_more.union(record.alarms[system]))
            new = sorted(alarms - set(record.alarms[system]))
            if new:
                return Trial(kind, system, _one_line(new[0]), round(spent, 1))
        return Trial(kind, systems[0], "", round(spent, 1))

    def _test(self, tester: Tester, mutant: str | None, system: str, subject: str = "") -> tuple[frozenset[str], float]:
        """Test one server; gives what the tester says, and the processor time that it took."""
        seconds = OUR_SECONDS if tester.name == NAME else PEER_SECONDS
        began = processor_seconds()
        with tempfile.TemporaryDirectory(prefix="watchword-league-") as name, self.servers.serving(mutant) as url:
            folder = Path(name)
            task = Task(
                url,
                system,
                self.servers.document,
                self._strict_document(folder, system),
                _people(url),
                folder,
                seconds * (_RIGHT_TIMES if mutant is None else 1),
                subject,
            )
            alarms = tester.alarms(task)
        return alarms, processor_seconds() - began

    def _strict_document(self, folder: Path, system: str) -> Path:
        if system not in self._strict:
            self._strict[system] = yaml.safe_dump(self.servers.strict_document(system), sort_keys=False)
        path = folder / "openapi.yaml"
        path.write_text(self._strict[system], encoding="utf-8")
        return path


def systems_of(one: ListedMutant) -> Sequence[str]:
    """Tell which systems a mutant is looked for in: those that show it."""
    return tuple(dict.fromkeys(operation.partition(".")[0] for operation in one.operations))


def chosen(mutants: Iterable[ListedMutant], patterns: Sequence[str]) -> list[ListedMutant]:
    """Choose the mutants whose ids begin with one of *patterns*."""
    return [one for one in mutants if any(one.mutant.id.startswith(pattern) for pattern in patterns)]


def _people(url: str) -> Sequence[Mapping[str, Any]]:
    with urllib.request.urlopen(f"{url}/__admin/people", timeout=60) as answer:  # noqa: S310  # our own server
        found: Sequence[Mapping[str, Any]] = json.load(answer)["people"]
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())
