"""
What one request calls: an update of a password, followed in process.

``python -m tests.generate.drawing.trace`` follows it and writes what it found as JSON.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from tests.conftest import START, Api
from tests.generate.drawing import package
from tests.generate.marks import ROOT
from watchword.build import Options, build
from watchword.domain.hashing import Profile

_OPERATION = "weavr_multi.update_password"
_PERSON = ("weavr_multi", "ada")
_PASSWORDS = ("Lantern-42-amber", "Quiet-River-7-oak")


@dataclass(frozen=True)
class Entry:
    """
    A file that is entered for the first time.

    Args:
        file: Within the package.
        function: The one that is called.
    """

    file: str
    function: str

    @property
    def room(self) -> str:
        """The direct child of the package that the file is in."""
        return self.file.partition("/")[0].removesuffix(".py")


@dataclass(frozen=True)
class Trace:
    """
    What was called.

    Args:
        entries: The files in the order in which they were entered.
        calls: How many functions of these files were called, each as often as it was.
        request: Method and path, if it was a request.
    """

    entries: list[Entry]
    calls: int
    request: str = ""

    @property
    def files(self) -> int:
        """How many files were entered."""
        return len(self.entries)

    @property
    def rooms(self) -> list[str]:
        """The rooms in the order in which they were entered."""
        return list(dict.fromkeys(entry.room for entry in self.entries))

    def as_json(self) -> str:
        """Write it down for whoever quotes it."""
        numbers = {"request": self.request, "calls": self.calls, "files": self.files, "rooms": len(self.rooms)}
        return json.dumps({**numbers, "entries": [asdict(entry) for entry in self.entries]}, indent=2) + "\n"

    @property
    def sentence(self) -> str:
        """The numbers."""
        return f"{self.calls} calls in {self.files} files of {len(self.rooms)} rooms"


def followed(work: Callable[[], object], folder: Path = package.FOLDER) -> Trace:
    """
    Do *work*, and tell what it called of the files in *folder*.

    A coroutine or a generator that goes on is not called again. Comprehensions are no calls:
    whether they are functions is up to the version of Python. Nor is what was generated, by us or at the start.
    """
    seen: set[FrameType] = set()  # kept until the end, so that no two have the same identity
    entries: dict[str, Entry] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or frame in seen or (code.co_name.startswith("<") and code.co_name != "<lambda>"):
            return
        file = Path(code.co_filename)
        if file.is_relative_to(folder) and package.GENERATED not in file.relative_to(folder).parts:
            seen.add(frame)
            name = file.relative_to(folder).as_posix()
            entries.setdefault(name, Entry(name, code.co_qualname.replace("<locals>.", "")))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return Trace(list(entries.values()), len(seen))


def follow_update() -> Trace:
    """Follow the second of two updates: the first has filled what is kept from one request to the next."""
    built = build(Options(hashing=Profile.FAST, random_seed=1, wall_clock=lambda: START))
    ada = next(one for one in built.imitated.sandboxes.people() if (one.system, one.name) == _PERSON)
    with asyncio.Runner() as runner:
        api = Api(built, runner, "followed")

        def update(old: str | None, new: str) -> None:
            body = {"oldPassword": {"value": old}, "newPassword": {"value": new}}
            answer = api.call(_OPERATION, body=body, headers=ada.headers)
            assert answer.status == 200, answer

        update(ada.password, _PASSWORDS[0])
        trace = followed(lambda: update(*_PASSWORDS))
    operation = built.imitated.document.operations[_OPERATION]
    return replace(trace, request=f"{operation.method} {operation.path}")


def read_trace() -> Trace:
    """Follow the update in a process of its own, where nobody has patched, filled or profiled anything."""
    run = subprocess.run(  # our own interpreter and arguments
        [sys.executable, "-m", "tests.generate.drawing.trace"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
        capture_output=True,
    )
    found = json.loads(run.stdout)
    return Trace([Entry(**entry) for entry in found["entries"]], found["calls"], found["request"])


if __name__ == "__main__":
    sys.stdout.write(follow_update().as_json())
