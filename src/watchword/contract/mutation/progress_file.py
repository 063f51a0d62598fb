"""The file from which a run goes on that was stopped: what came of the mutants so far."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from watchword import __version__
from watchword.contract.mutation.trials import Trial, Verdict
from watchword.control.mutants import ListedMutant
from watchword.whole_file import write_whole

_TOOL = f"watchword {__version__} mutate"


class UnusableProgress(Exception):
    """The file is not such a file, or that of another run; the message says so."""


class ProgressFile:
    """
    What came of the mutants so far, on a disk.

    Args:
        command: The command and the flags that decide what comes of them; only its digest is written, because there
            may be secrets in it.
    """

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self._path = path
        self._run = hashlib.sha256(orjson.dumps(list(command))).hexdigest()
        self._found: dict[str, tuple[Verdict, float]] = {}

    def read(self, mutants: Iterable[ListedMutant]) -> Mapping[str, Trial]:
        """
        Read what came of *mutants*, by id; nothing if there is no file yet.

        Raises:
            UnusableProgress: It cannot be used.
        """
        if not self._path.absolute().parent.is_dir():
            raise UnusableProgress(f"{str(self._path.parent)!r} is not a directory.")
        try:
            content = orjson.loads(self._path.read_bytes())
            tool, run = content["tool"], content["run"]
            self._found = {
                name: (Verdict(one["verdict"]), float(one["seconds"])) for name, one in content["trials"].items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UnusableProgress(f"{self._path} was not written by --resume, or belongs to another run.") from None
        if (tool, run) != (_TOOL, self._run):
            raise UnusableProgress(
                f"{self._path} is of another command, other flags or another release: remove it, or name another file."
            )
        found = self._found
        return {one.mutant.id: Trial(one, *found[one.mutant.id]) for one in mutants if one.mutant.id in found}

    def write(self, trials: Iterable[Trial]) -> None:
        """
        Write *trials* beside what was read: all or, if something goes wrong, what was there before.

        Raises:
            OSError: It cannot be written.
        """
        self._found |= {one.listed.mutant.id: (one.verdict, round(one.seconds, 3)) for one in trials}
        content = {
            "tool": _TOOL,
            "run": self._run,
            "trials": {name: {"verdict": verdict, "seconds": took} for name, (verdict, took) in self._found.items()},
        }
        write_whole(self._path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
