"""
``python -m tests.generators``: give the document to tools of others, whole and system by system.

Generated clients are compiled, and have to call the running server successfully.
Their types have to read the document's examples, and write them again.
Exit code 1 if a tool cannot use a document; a tool that is not here is named and not tried.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.generators.calls import SYSTEMS, calls
from tests.generators.running import FailedError, Task, Tool
from tests.generators.tools import TOOLS
from tests.serving import serving

# Every system, as it is served and in the strict form of ``export openapi --closed``.
WHOLE, CLOSED = "whole", "closed"
DOCUMENTS = (WHOLE, CLOSED, *SYSTEMS)
GOOD, FAILED, NOT_TRIED = "good", "FAILED", "not tried"
# By tool, then by document.
Outcomes = dict[str, dict[str, str]]


def main() -> int:
    """Run the tools; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only quick tools, and the whole document, as CI does")
    parser.add_argument("--only", default="", help="only tools whose name contains this")
    parser.add_argument("--document", action="append", choices=DOCUMENTS, help="only this document")
    parser.add_argument("--no-skips", action="store_true", help="a tool that is not here is a failure")
    given = parser.parse_args()
    chosen = [one for one in TOOLS if given.only.lower() in one.name.lower() and (one.quick or not given.quick)]
    with tempfile.TemporaryDirectory() as name:
        outcomes = _run(chosen, given.document or ([WHOLE] if given.quick else list(DOCUMENTS)), Path(name))
    _say("\n" + table(outcomes))
    bad = {FAILED, NOT_TRIED} if given.no_skips else {FAILED}
    return 1 if any(bad & set(row.values()) for row in outcomes.values()) else 0


def _run(chosen: list[Tool], names: list[str], folder: Path) -> Outcomes:
    documents = {name: _export(name, folder) for name in names}
    outcomes: Outcomes = {}
    with serving(folder) as served:
        made = calls(served)
        for tool in chosen:
            outcomes[tool.name] = dict.fromkeys(names, NOT_TRIED)
            if missing := tool.missing():
                _say(f"{tool.name}: not tried, there is no {', '.join(missing)} here")
                continue
            for name, document in documents.items():
                wanted = [one for one in made if name not in SYSTEMS or one.system == name]
                task = Task(document, _empty(folder / "work"), wanted, served.url, folder)
                outcomes[tool.name][name] = _try(tool, name, task)
    return outcomes


def _try(tool: Tool, name: str, task: Task) -> str:
    began = time.monotonic()
    try:
        tool.use(task)
    except FailedError as error:
        _say(f"{tool.name}, {name}: {FAILED}\n{error}")
        return FAILED
    _say(f"{tool.name}, {name}: {GOOD}, {time.monotonic() - began:.0f} s")
    return GOOD


def table(outcomes: Outcomes) -> str:
    """Write what came of each tool with each document, in Markdown."""
    names = list(next(iter(outcomes.values()), {}))
    lines = [["tool", *names], ["---"] * (1 + len(names))]
    lines += [[tool, *row.values()] for tool, row in outcomes.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _export(name: str, folder: Path) -> Path:
    path = folder / f"{name}.yaml"
    command = [sys.executable, "-m", "watchword", "export", "openapi", "--output", str(path)]
    command += {WHOLE: [], CLOSED: ["--closed"]}.get(name, ["--system", name])
    subprocess.run(command, check=True)  # noqa: S603  # our own program
    return path


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
