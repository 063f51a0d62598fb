"""How a tool is run, and what it is given."""

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.generators import programs
from tests.generators.calls import Call
from tests.generators.examples import Example, examples, give, lost

_START_SECONDS = 180


class FailedError(Exception):
    """A tool cannot use the document; the message is the end of what it wrote."""


@dataclass(frozen=True)
class Task:
    """
    What a tool is given.

    Args:
        document: A file with an exported document.
        folder: An empty folder to work in.
        calls: What its client has to call.
        shared: A folder that all tasks share, for what is installed once.
    """

    document: Path
    folder: Path
    calls: Sequence[Call]
    url: str
    shared: Path

    @cached_property
    def examples(self) -> list[Example]:
        """The examples that the types of its client have to read."""
        return examples(self.document)

    def read_examples(self, command: Sequence[str | Path]) -> None:
        """
        Run a program that reads the examples with a client, and writes them again.

        Raises:
            FailedError: It could not, or members are lost on the way.
        """
        give(self.examples, self.folder)
        run(command, self.folder)
        if changed := lost(self.examples, self.folder):
            raise FailedError("Its types do not keep these examples:\n" + "\n".join(changed)[-3000:])


@dataclass(frozen=True)
class Tool:
    """
    One tool.

    Args:
        needs: Programs, or files, without which it cannot be tried.
    """

    name: str
    use: Callable[[Task], None]
    needs: tuple[str | Path, ...]
    quick: bool = False

    def missing(self) -> list[str]:
        """List what is not here."""
        absent = [one for one in self.needs if not (one.exists() if isinstance(one, Path) else shutil.which(one))]
        return [one.name if isinstance(one, Path) else one for one in absent]


def run(command: Sequence[str | Path], folder: Path, *, env: Mapping[str, str] | None = None) -> None:
    """
    Run a command to its end.

    Raises:
        FailedError: It failed.
    """
    ended = subprocess.run(  # noqa: S603  # commands of this module
        [str(one) for one in command],
        cwd=folder,
        env=programs.environment(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise FailedError(f"{Path(str(command[0])).name} ended with {ended.returncode}:\n{ended.stdout[-3000:]}")


def load(task: Task, command: Sequence[str], *, ready: str, ruins: str) -> None:
    """Start a server of another tool, until it says that it is ready."""
    log = task.folder / "log"
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=task.folder, stdout=lines, stderr=lines)  # noqa: S603  # as in *run*
        try:
            for _ in range(_START_SECONDS * 10):
                text = log.read_text(encoding="utf-8", errors="replace")
                if ready in text or ruins in text or process.poll() is not None:
                    break
                time.sleep(0.1)
        finally:
            # It has nothing to lose, and Specmatic may take half a minute to end by itself.
            process.kill()
            process.wait()
    if ready not in text or ruins in text:
        raise FailedError(f"did not load the document:\n{text[-3000:]}")
