"""A server as a program: its port file, its standard streams, what ends it, and what it says at its start."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from tests.scenarios.curt import SILENCE, curt
from tests.serving import PATIENCE_SECONDS, serving
from watchword.cli.banner import root_url
from watchword.cli.port_file import CannotWritePortFile, PortFile, forget_earlier_port

INTERRUPTED = b"watchword: the run ends early, without a result: it was ended by SIGINT\n"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def wait_until(condition: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    """Wait for *condition*, as long as *process* runs."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, f"ended with {process.returncode}"
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.02)


@contextmanager
def shell(folder: Path, command: str, *, stdout: Any = None, stderr: Any = None) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a command line in *folder*, in which ``$W`` is the command ``watchword``; nothing of it is left running."""
    with subprocess.Popen(  # noqa: S602  # our own command
        f"W='{sys.executable} -m watchword'\n{command}",
        shell=True,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=stdout,
        stderr=stderr,
        process_group=0,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("coverage", "--url"), b""), (("log", "--follow", "--url"), b""), (("diff",), INTERRUPTED)],
    ids=["coverage", "log", "diff"],
)
def test_who_interrupts_a_command_that_waits_gets_130(tmp_path: Path, words: tuple[str, ...], said: bytes) -> None:
    command = [sys.executable, "-m", "watchword", *words]
    with (
        curt(SILENCE) as server,
        subprocess.Popen([*command, server.url], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE) as process,  # noqa: S603
    ):
        assert server.asked.wait(PATIENCE_SECONDS)
        process.send_signal(signal.SIGINT)
        assert (process.communicate()[1], process.returncode) == (said, 130)


def test_who_interrupts_mutate_before_a_mutant_was_tried_is_told_that_there_is_no_result(tmp_path: Path) -> None:
    with shell(tmp_path, "exec $W mutate -- sh -c 'touch began; exec sleep 60'", stderr=subprocess.PIPE) as process:
        wait_until((tmp_path / "began").exists, process)
        process.send_signal(signal.SIGINT)
        assert (process.communicate()[1], process.returncode) == (INTERRUPTED, 130)


@pytest.mark.parametrize("module", ["watchword.cli.main", "watchword.cli.diff"])
def test_who_interrupts_the_imports_of_a_command_is_told_that_there_is_no_result(tmp_path: Path, module: str) -> None:
    (tmp_path / "interrupted.py").write_text(
        f"""
import sys


class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt


sys.meta_path.insert(0, Interrupt())
from watchword.__main__ import main

main()
""",
        encoding="utf-8",
    )
    command = [sys.executable, "interrupted.py", "diff"]
    ended = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)  # noqa: S603
    said = b"watchword: the run ends early, without a result: somebody interrupted it\n"
    assert (ended.stderr, ended.returncode) == (said, 130)


SERVE = "serve --port 0 --port-file port --hashing fast"


def answers(folder: Path) -> bool:
    port = (folder / "port").read_text(encoding="ascii").strip()
    return httpx.get(f"http://127.0.0.1:{port}/__admin/health").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda one: one.name)
def test_the_port_file_is_there_exactly_while_the_server_accepts_requests(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "port").write_text("of an earlier server", encoding="ascii")
    with shell(tmp_path, f"exec $W {SERVE}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: not (tmp_path / "port").exists(), process)
        wait_until((tmp_path / "port").exists, process)
        assert answers(tmp_path)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == (130 if number is signal.SIGINT else 0)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_start_leaves_no_port_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("7070\n", encoding="ascii")
    with shell(tmp_path, f"exec $W {SERVE} --host 192.0.2.1", stderr=subprocess.DEVNULL) as process:
        assert process.wait(PATIENCE_SECONDS) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "flags"),
    [("", "--port-file port"), ("", "--port-file=port"), ("WATCHWORD_PORT_FILE=port", "")],
    ids=["a flag", "a flag with an equals sign", "a variable"],
)
def test_the_port_of_an_earlier_server_is_gone_before_the_slow_part_of_the_start(
    tmp_path: Path, before: str, flags: str
) -> None:
    """Nothing that takes long is imported yet: with the first of it, this start ends."""
    (tmp_path / "port").write_text("7070\n", encoding="ascii")
    (tmp_path / "stop").mkdir()
    (tmp_path / "stop" / "click.py").write_text("import os\nos._exit(7)\n", encoding="ascii")
    command = f"{before} PYTHONPATH=$PWD/stop:$PYTHONPATH $W serve {flags}"
    with shell(tmp_path, command, stderr=subprocess.DEVNULL) as process:
        assert process.wait(PATIENCE_SECONDS) == 7
    assert not (tmp_path / "port").exists()


@pytest.mark.parametrize("words", ["serve --port-file port --help", "people --system zitadel --port-file port"])
def test_a_command_that_starts_no_server_removes_no_port(tmp_path: Path, words: str) -> None:
    (tmp_path / "port").write_text("7070\n", encoding="ascii")
    with shell(tmp_path, f"$W {words}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        process.wait(PATIENCE_SECONDS)
    assert (tmp_path / "port").exists()


@pytest.mark.parametrize("path", [".", "missing/port", "a\0b", "", "/dev/null"])
def test_a_port_file_that_is_none_is_left_to_the_command_line(tmp_path: Path, path: str) -> None:
    forget_earlier_port(["serve", "--port-file", path])
    forget_earlier_port(["serve", f"--port-file={path}"])
    forget_earlier_port(["serve", "--port-file"])
    assert tmp_path.exists()


def test_the_port_of_another_server_is_not_removed(tmp_path: Path) -> None:
    one = PortFile(tmp_path / "port")
    one.write(1)
    PortFile(tmp_path / "port").write(2)
    one.remove_own()
    assert (tmp_path / "port").read_text(encoding="ascii") == "2\n"


def test_a_device_is_written_to_and_not_removed() -> None:
    device = PortFile(Path("/dev/null"))
    device.remove()
    device.write(1)
    device.remove_own()
    assert Path("/dev/null").is_char_device()


def test_a_port_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotWritePortFile, match="the port cannot be written: "):
        PortFile(tmp_path / "missing" / "port").write(1)


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">/dev/full", "2>/dev/full", "<&- >&- 2>&-", "| true"])
def test_a_server_serves_although_a_standard_stream_cannot_be_written(tmp_path: Path, streams: str) -> None:
    command = f"$W {SERVE} {streams}"
    if "|" not in streams:
        command = f"exec {command}"
    with (tmp_path / "log").open("wb") as log, shell(tmp_path, command, stdout=log, stderr=log) as process:
        if "|" in streams:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not (tmp_path / "port").exists() and time.monotonic() < deadline:
                time.sleep(0.02)
        else:
            wait_until((tmp_path / "port").exists, process)
        assert answers(tmp_path)
        httpx.get(f"http://127.0.0.1:{(tmp_path / 'port').read_text().strip()}/nothing")
        process.terminate()
        if "|" not in streams:
            assert process.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["--help", "rules --system zitadel", "export openapi --system entrust"])
def test_output_that_cannot_be_written_is_a_sentence_and_exit_code_2(tmp_path: Path, words: str) -> None:
    with shell(tmp_path, f"exec $W {words} >/dev/full", stderr=subprocess.PIPE) as process:
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert errors == b"watchword: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("words", ["people", "lint --list"])
def test_output_that_nobody_reads_ends_as_in_a_shell_and_is_no_finding(tmp_path: Path, words: str) -> None:
    with shell(tmp_path, f"exec $W {words}", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait(PATIENCE_SECONDS)) == (b"", 141)


RUNNER = """
import subprocess, time
server = subprocess.Popen({command!r}.split(), {streams})
open("pid", "w").write(str(server.pid))
time.sleep(600)
"""


@contextmanager
def killed_runner(folder: Path, flags: str, streams: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """Have a program start a server in *folder*, and kill the program after the ``with`` block."""
    command = f"{sys.executable} -m watchword {SERVE} {flags}"
    program = [sys.executable, "-c", RUNNER.format(command=command, streams=streams)]
    environment = {**ENVIRONMENT, **(env or {})}
    with subprocess.Popen(program, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            wait_until((folder / "port").exists, process)
            assert answers(folder)
            yield
        finally:
            process.kill()


def ends(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (folder / "port").exists():
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.02)


def test_a_server_ends_when_the_program_that_started_it_is_killed(tmp_path: Path) -> None:
    with killed_runner(tmp_path, "--exit-on-stdin-close", "stdin=subprocess.PIPE"):
        pass
    ends(tmp_path)


@pytest.mark.parametrize("source", ["flag", "variable", "file"])
def test_a_server_ends_when_its_parent_is_gone_whatever_its_standard_input_is(tmp_path: Path, source: str) -> None:
    flags = "--exit-with-parent" if source == "flag" else ""
    env = {"WATCHWORD_EXIT_WITH_PARENT": "1"} if source == "variable" else None
    if source == "file":
        (tmp_path / "watchword.toml").write_text("exit_with_parent = true\n", encoding="ascii")
    with killed_runner(tmp_path, flags, "stdin=subprocess.DEVNULL", env):
        time.sleep(1)
        assert answers(tmp_path)
    ends(tmp_path)


def test_a_server_whose_parent_is_gone_before_it_is_ready_ends_too(tmp_path: Path) -> None:
    program = "import subprocess, time\nsubprocess.Popen({command!r}.split())\ntime.sleep(0.2)"
    command = f"{sys.executable} -m watchword {SERVE} --exit-with-parent"
    with (tmp_path / "log").open("wb") as log:
        code = [sys.executable, "-c", program.format(command=command)]
        done = subprocess.run(code, cwd=tmp_path, env=ENVIRONMENT, stdout=log, stderr=log, check=True)  # noqa: S603
    assert done.returncode == 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while b"Mails" not in (tmp_path / "log").read_bytes():
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.02)
    ends(tmp_path)


def test_a_server_outlives_its_parent_unless_a_flag_says_otherwise(tmp_path: Path) -> None:
    with killed_runner(tmp_path, "", "stdin=subprocess.DEVNULL"):
        pass
    try:
        time.sleep(1)
        assert answers(tmp_path)
    finally:
        os.kill(int((tmp_path / "pid").read_text(encoding="ascii")), signal.SIGTERM)
    ends(tmp_path)


def test_a_standard_input_that_is_closed_from_the_start_refuses_the_start(tmp_path: Path) -> None:
    for stream in ("</dev/null", "<&-"):
        with shell(tmp_path, f"exec $W {SERVE} --exit-on-stdin-close {stream}", stderr=subprocess.PIPE) as process:
            _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 2
        assert b"--exit-on-stdin-close: standard input is closed, or a file" in errors


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7070"),
        ("localhost", "http://localhost:7070"),
        ("0.0.0.0", "http://127.0.0.1:7070"),  # noqa: S104  # nothing is bound
        ("::", "http://[::1]:7070"),
        ("::1", "http://[::1]:7070"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:7070"),
    ],
)
def test_the_address_of_a_host_is_a_url(host: str, url: str) -> None:
    assert root_url(host, 7070) == url


def test_a_server_for_localhost_answers_at_every_address_of_localhost(tmp_path: Path) -> None:
    addresses = {address[0] for *_, address in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}
    with serving(tmp_path, "--host", "localhost") as server:
        for address in addresses:
            with socket.create_connection((str(address), server.port), timeout=PATIENCE_SECONDS):
                pass


def test_the_banner_names_the_configuration_file_of_a_parent_directory(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("hashing = 'fast'\n", encoding="utf-8-sig")
    (tmp_path / "below").mkdir()
    with shell(tmp_path / "below", "exec $W serve --port 0", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode().rstrip() for _ in range(3)]
    assert lines[2] == f"Settings come from {tmp_path / 'watchword.toml'}"


def test_windows_is_told_what_is_supported_before_anything_is_imported(tmp_path: Path) -> None:
    program = "import sys\nsys.platform = 'win32'\nimport runpy\nrunpy.run_module('watchword', run_name='__main__')"
    with subprocess.Popen([sys.executable, "-c", program], env=ENVIRONMENT, stderr=subprocess.PIPE) as process:  # noqa: S603
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert b"runs on Linux and macOS, not on Windows itself" in errors


def test_a_configuration_file_in_another_encoding_is_a_sentence(tmp_path: Path) -> None:
    from watchword.cli.main import cli  # noqa: PLC0415  # the commands of this process

    path = tmp_path / "watchword.toml"
    path.write_text("port = 1", encoding="utf-16")
    result = CliRunner().invoke(cli, ["--config", str(path), "serve"])
    assert result.exit_code == 2
    assert "this is not UTF-8" in " ".join(result.output.split())


@pytest.mark.parametrize("name", ["watchword.toml", "pyproject.toml"])
def test_a_configuration_file_may_start_with_a_byte_order_mark(tmp_path: Path, name: str) -> None:
    from watchword.cli.main import cli  # noqa: PLC0415  # the commands of this process

    path = tmp_path / name
    table = "" if name == "watchword.toml" else "[tool.watchword]\n"
    path.write_text(f"{table}port = 'few'", encoding="utf-8-sig")
    with chdir(tmp_path):
        result = CliRunner().invoke(cli, ["serve"])
    assert result.exit_code == 2
    assert f"'few' is not a whole number. (from {path})" in " ".join(result.output.split())
