"""Specmatic as a tester: ``specmatic test``, with the credentials of somebody who is let in."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator

from tests.generators.tools import SPECMATIC
from tests.league.effort import stretched
from tests.league.tester import CannotTest, Task

_BEARER = "Bearer "
_VERSION = re.compile(r"Specmatic Version: v([\d.]+)")
_SCENARIO = re.compile(r"^ *Testing scenario |^ *API: (?P<operation>.*)$|^ *>> (?P<place>.*)$|^ *R\d+: (?P<what>.*)$")
_GOT = re.compile(r"response contained status (\d+)")
_STARTED = "Using Specmatic"


class Specmatic:
    """The command, which ends by itself, or is ended when its time is over."""

    name = "Specmatic"
    wavers = True

    def __init__(self) -> None:
        lacking = [] if SPECMATIC.exists() else ["specmatic.jar is not installed"]
        lacking += [] if shutil.which("java") else ["there is no java here"]
        self.lacking = "; ".join(lacking)
        self.version = "" if lacking else _read_version()

    def alarms(self, task: Task) -> frozenset[str]:
        """Tell of which operations it says that a test failed, and of what."""
        command = ["java", "-jar", str(SPECMATIC), "test", str(task.strict_document), f"--testBaseURL={task.url}"]
        tokens = {name: value.removeprefix(_BEARER) for name, value in task.credentials().items()}
        log = task.folder / "log"
        with log.open("wb") as lines:
            process = subprocess.Popen(  # noqa: S603  # our own arguments
                command, cwd=task.folder, env={**os.environ, **tokens}, stdout=lines, stderr=lines
            )
            try:
                process.wait(stretched(task.seconds))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        text = log.read_text(encoding="utf-8", errors="replace")
        if _STARTED not in text:
            raise CannotTest(text[-2000:])
        return frozenset(failures(text))


def failures(text: str) -> Iterator[str]:
    """
    Read what failed from what Specmatic prints.

    Its tests have long names with values in them; the operation, the place and the kind of failure are what stays.
    """
    operation = place = ""
    for line in text.splitlines():
        if found := _SCENARIO.match(line):
            operation, place = found["operation"] or operation, found["place"] or place
            if found["what"]:
                yield f"{operation}: {place}: {found['what']}"
        elif got := _GOT.search(line):
            yield f"{operation}: answered {got[1]}"


def _read_version() -> str:
    said = subprocess.run(["java", "-jar", str(SPECMATIC), "--version"], capture_output=True, text=True, check=False)  # noqa: S603, S607
    found = _VERSION.search(said.stdout + said.stderr)
    return found[1] if found else "?"
