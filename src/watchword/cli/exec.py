"""``watchword exec -- COMMAND``: a command with a server of its own, and a gate behind it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click

from watchword.cli.flag import Percentage
from watchword.cli.gate import KINDS, Gate, read_kinds
from watchword.cli.guard import guarding
from watchword.cli.output import write
from watchword.cli.report_files import CannotReport, reading_reports
from watchword.cli.server_flags import take_server_flags, write_arguments
from watchword.cli.started_by import PARENT
from watchword.cli.starting import CannotStartCommand, starting
from watchword.cli.words import Words, join_words
from watchword.client import Watchword, WatchwordError
from watchword.client.reports import FORMS
from watchword.own_server import CannotStart, OwnServer

_GATE_CLOSED, _COULD_NOT_RUN, _SIGNALLED = 1, 2, 128
_LOOK_SECONDS = 0.25
_HANDED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
_FROM_TERMINAL = frozenset((signal.SIGINT, signal.SIGQUIT))


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.option(
    "--fail-on",
    cls=Words,
    callback=read_kinds,
    metavar="KINDS",
    help=f"What closes the gate: {', '.join(KINDS)}.",
)
@click.option(
    "--min-coverage",
    type=Percentage(),
    metavar="N",
    help="Close the gate if less than N percent of the documented answers were reached.",
)
@click.option(
    "--operations",
    cls=Words,
    callback=join_words,
    metavar="PATTERNS",
    help="What coverage is about, such as 'weavr_multi.*'; by default all of the systems that are called.",
)
@click.option(
    "--report",
    "reports",
    cls=Words,
    callback=reading_reports(FORMS),
    metavar="FORM=FILE",
    help=f"Write what was reached: {', '.join(FORMS)}.",
)
@take_server_flags("journal_file", "journal_control_calls")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(
    *,
    fail_on: frozenset[str],
    min_coverage: float | None,
    operations: str,
    reports: Mapping[str, Path],
    command: Sequence[str],
    **flags: Any,
) -> None:
    """
    Run COMMAND with a server of its own, whose address is in WATCHWORD_URL.

    The exit code is that of the command if it is not 0, else 1 if the gate is closed; 2 if something could not run.
    """
    gate, code = Gate(fail_on, min_coverage, operations, reports), 0
    with ExitStack() as stack:
        try:
            server = OwnServer(write_arguments(flags))
            stack.callback(server.stop)
            api = Watchword(server.url)
            stack.callback(api.close)
            gate.prove(api)
            code = _run(command, {**os.environ, "WATCHWORD_URL": server.url})  # noqa: TID251  # the environment
            lines, closed = gate.judge(api)
            for line in lines:
                write(f"watchword: {line}", error=True)
            gate.report(api)
        except (CannotReport, CannotStart, CannotStartCommand, WatchwordError, OSError) as error:
            write(f"watchword: {error}", error=True)
            sys.exit(code or _COULD_NOT_RUN)
    sys.exit(code or (_GATE_CLOSED if closed else 0))


def _run(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """
    Run the command to its end; it is ended when this process, or the one that started it, is gone.

    Returns:
        Its exit code; 128 and the number of the signal that ended it, as in a shell.

    Raises:
        CannotStartCommand: It cannot be started.
    """
    # At a terminal a process group of its own could not read, and Ctrl-C would not reach it.
    group = not _is_in_foreground()
    with starting(command):
        started = subprocess.Popen(command, env=variables, process_group=0 if group else None)  # noqa: S603  # the user's own
    with (
        started as process,
        guarding(process, group=group) as end,
        _handing_on(process, group=group),
    ):
        while True:
            try:
                code = process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                if os.getppid() != PARENT:
                    end()
            else:
                return _SIGNALLED - code if code < 0 else code


@contextmanager
def _handing_on(process: "subprocess.Popen[bytes]", *, group: bool) -> Iterator[None]:
    """
    Hand signals on to the command, and wait for it to end by itself.

    Args:
        group: Whether it leads a process group, which gets them with it, and which no terminal sends them to.
    """

    def hand_on(number: int, _frame: FrameType | None) -> None:
        if group:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
        elif not (number in _FROM_TERMINAL and _is_in_foreground()):
            process.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in _HANDED_ON}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_in_foreground() -> bool:
    """Whether a terminal sends its signals to us, and so to the command too: it must not get them twice."""
    try:
        with Path("/dev/tty").open("rb", buffering=0) as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
