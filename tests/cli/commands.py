"""Run the command line, in this process or as a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from watchword.cli.main import cli


def run(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Result:
    """Run a command in this process, in *folder*."""
    with chdir(folder):
        return CliRunner().invoke(cli, words, env=dict(env or {}), prog_name="watchword")


def refused(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Result:
    """
    Run a ``serve`` that has to be refused, in this process.

    Its port is taken, unless *words* or *env* name one, and is looked at last: if nothing else refuses the start, that
    does, and no server runs on.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return run(folder, "serve", *words, env={"WATCHWORD_PORT": str(taken.getsockname()[1]), **(env or {})})


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@contextmanager
def start(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process of its own, in *folder*."""
    command = [sys.executable, "-m", "watchword", *words]
    source = Path(__file__).parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONUNBUFFERED": "1", **(env or {})}
    with subprocess.Popen(  # noqa: S603  # our own command
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_banner(process: subprocess.Popen[str]) -> str:
    """Read standard output up to the last line of the banner."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Mails"):
            break
    return "".join(lines)
