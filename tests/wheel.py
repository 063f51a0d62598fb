"""
``python -m tests.wheel dist``: install the wheel into an empty environment and use it.

The commands run in an empty folder, so nothing of the source tree can help.
"""

import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

PATIENCE_SECONDS = 30


def main() -> int:
    """Install, list people, serve, ask, stop; 1 if anything is missing."""
    wheels = sorted(Path(sys.argv[1]).glob("watchword-*.whl"))
    if len(wheels) != 1:
        sys.stderr.write(f"expected one wheel in {sys.argv[1]}, found {len(wheels)}\n")
        return 1
    with tempfile.TemporaryDirectory() as name:
        empty = Path(name)
        venv.create(empty / "venv", with_pip=True)
        python = empty / "venv" / "bin" / "python"
        _run([str(python), "-m", "pip", "install", "--quiet", str(wheels[0].resolve())], empty)
        people = _run([str(empty / "venv" / "bin" / "watchword"), "people"], empty)
        exported = _run([str(python), "-m", "watchword", "export", "openapi", "--system", "zitadel"], empty)
        served = _serve(python, empty)
    sys.stdout.write(f"{wheels[0].name}: {people.count('   login ')} people, /openapi.json of {served} bytes\n")
    return 0 if people and "openapi: 3.0.3" in exported and served else 1


def _run(command: list[str], where: Path) -> str:
    return subprocess.run(command, cwd=where, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _serve(python: Path, where: Path) -> int:
    port_file = where / "port"
    command = [str(python), "-m", "watchword", "serve", "--port", "0", "--port-file", str(port_file)]
    with subprocess.Popen(command, cwd=where, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            patience = time.monotonic() + PATIENCE_SECONDS
            while not port_file.exists() and time.monotonic() < patience:
                time.sleep(0.1)
            url = f"http://127.0.0.1:{port_file.read_text().strip()}/openapi.json"
            with urllib.request.urlopen(url) as answer:  # our own server
                return len(answer.read())
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
