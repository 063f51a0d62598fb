"""A server, a Schemathesis run against it, and what was reached."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.configuration import configuration
from tests.proposals import NEXT
from tests.serving import serving

HOOKS = Path(__file__).with_name("hooks.py")
ALL_PHASES = "examples,coverage,fuzzing,stateful"


@dataclass(frozen=True)
class Result:
    """
    What a run found.

    Args:
        code: 0 without failures.
        output: What Schemathesis printed.
        reached: How often each operation answered with each status.
    """

    code: int
    output: str
    reached: Mapping[str, Counter[int]] = field(repr=False)


def fuzz(
    document: str = "/openapi.json",
    *,
    seed: int,
    examples: int,
    phases: str = ALL_PHASES,
    seconds: int | None = None,
    more: tuple[str, ...] = (),
) -> Result:
    """
    Run Schemathesis with all checks.

    Args:
        document: Path of the document on the server.
        examples: The most test cases per operation and phase.
        phases: Separated by commas.
        seconds: Fuzzing and stateful testing repeat until this is spent; None for once.
        more: Further arguments for Schemathesis.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "next.yaml").write_text(NEXT, encoding="utf-8")
        with serving(folder, "--seed", "1", "--proposal", f"next={folder / 'next.yaml'}") as served:
            url = served.url
            config = folder / "schemathesis.toml"
            config.write_text(configuration(url), encoding="utf-8")
            command = [
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(config),
                "run",
                f"{url}{document}",
            ]
            command += ["--phases", phases, "--seed", str(seed), "--max-examples", str(examples), *more]
            if seconds is not None:
                command += ["--max-time", str(seconds)]
            ended = subprocess.run(  # noqa: S603  # our own interpreter and arguments
                command,
                cwd=folder,
                env={**os.environ, "WATCHWORD_URL": url, "WATCHWORD_FUZZ_SEED": str(seed), "NO_COLOR": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        return Result(ended.returncode, ended.stdout, _reached(served.log))


def _reached(log: Path) -> Mapping[str, Counter[int]]:
    reached: dict[str, Counter[int]] = defaultdict(Counter)
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if "operation" in entry:
            reached[entry["operation"]][entry["status"]] += 1
    return reached


def table(reached: Mapping[str, Counter[int]]) -> str:
    """Show which operation answered with which status, and how often."""
    lines = []
    for operation in sorted(reached):
        statuses = "  ".join(f"{status}×{count}" for status, count in sorted(reached[operation].items()))
        lines.append(f"  {operation:44} {statuses}")
    return "\n".join(lines)
