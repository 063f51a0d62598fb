"""A server in a process of its own, for as long as this one lives."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_FLAGS = ("--hashing", "fast", "--coverage", "--max-sandboxes", "100000")
"""For many tests, each in a sandbox, whose requests are all counted."""
_PATIENCE_SECONDS = 60
_STOP_SECONDS = 10
_LOOK_SECONDS = 0.02


class CannotStart(Exception):
    """The server has ended, or did not answer; the message has what it said."""


class OwnServer:
    """
    A server on a free port of this machine, for one run of tests.

    It ends when `stop` is called, and when this process is gone, however that ended: its standard input is a pipe that
    nobody else holds, and it looks whether its parent is still there.
    Variables and the configuration file say what it imitates; what belongs to a deployment (data, TLS, who may use it,
    mutants) is meant for another server.

    Args:
        flags: Further flags of ``watchword serve``.

    Attributes:
        url: Its address.

    Raises:
        CannotStart: It did not start.
    """

    def __init__(self, flags: Sequence[str] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="watchword-")
        self._log = Path(self._folder.name) / "log"
        port_file = Path(self._folder.name) / "port"
        command = [sys.executable, "-m", "watchword", "serve", *_FLAGS, *flags, "--ignore-deployment"]
        command += ["--host", "127.0.0.1", "--port", "0", "--port-file", str(port_file)]
        command += ["--exit-on-stdin-close", "--exit-with-parent"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # ourselves
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for those whom it serves; it ends after them
            )
        try:
            self.url = f"http://127.0.0.1:{self._wait_for(port_file)}"
        except BaseException:
            self.stop()
            raise

    @property
    def log(self) -> str:
        """What it said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _wait_for(self, port_file: Path) -> int:
        for _ in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            if port_file.exists():
                return int(port_file.read_text(encoding="ascii"))
            if self._process.poll() is not None:
                break
            time.sleep(_LOOK_SECONDS)
        raise CannotStart(f"watchword serve did not start:\n{self.log.strip()}")
