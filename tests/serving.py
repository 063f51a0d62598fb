"""The real server, in a process of its own."""

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
        log: A file with everything that it writes to standard error.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def resident(self) -> int:
        """Measure its resident memory, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm")
        if pages.exists():
            return int(pages.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
        # Without /proc, so not on Linux.
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True)  # noqa: S603, S607
        return int(shown.stdout) * 1024


@contextmanager
def serving(folder: Path, *flags: str, program: Sequence[str] = ()) -> Iterator[Served]:
    """
    Serve on a free port, with cheap hashes.

    Args:
        folder: Where the log and the port file are written.
        flags: Further flags of ``watchword serve``.
        program: Run instead of ``python -m watchword``.

    Raises:
        RuntimeError: It did not start; the message has its log.
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
