"""The real server in a process of its own, as a user starts it."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """
    A running server.

    Args:
        log: Everything it wrote to standard error so far, and writes from now on.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def resident(self) -> int:
        """How much memory it has, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm")
        if pages.exists():
            return int(pages.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
        # Elsewhere than on Linux.
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True)  # noqa: S603, S607
        return int(shown.stdout) * 1024


@contextmanager
def serving(folder: Path, *flags: str, program: Sequence[str] = ()) -> Iterator[Served]:
    """
    Serve on a free port, with cheap hashes.

    Args:
        folder: For the log and the file with the port.
        flags: Further ones of ``watchword serve``.
        program: What stands for ``python -m watchword``.

    Raises:
        RuntimeError: It did not start; with what it wrote.
    """
    port_file, log = folder / "port", folder / "server.log"
    command = [*(program or (sys.executable, "-m", "watchword")), "serve", "--port", "0", "--port-file", str(port_file)]
    command += ["--hashing", "fast", "--log-format", "json", *flags]
    with (
        log.open("wb") as lines,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=lines) as process,  # noqa: S603
    ):
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not port_file.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            if not port_file.exists():
                raise RuntimeError(f"the server did not start:\n{log.read_text()}")
            yield Served(int(port_file.read_text()), process, log)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
