"""``python -m tests.stock_tinydb``: download TinyDB's source, and run its tests with our tables instead of its own."""

import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path


def main() -> int:
    """Download the tests, add our fixtures and run; 1 if a test fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-binary", "tinydb", "--no-deps"]
        subprocess.run([*fetch, "--dest", name, f"tinydb=={version('tinydb')}"], check=True)  # noqa: S603
        (archive,) = folder.glob("tinydb-*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        # Moved away from the package in the archive, so that they import the installed one.
        (packed_tests,) = folder.glob("tinydb-*/tests")
        tests = packed_tests.rename(folder / "tests")
        (tests / "conftest.py").write_text(Path(__file__).with_name("fixtures.py").read_text(encoding="utf-8"))
        (folder / "pytest.ini").write_text("[pytest]\n")
        run = [sys.executable, "-m", "pytest", "-q", "-rx", "-p", "no:cacheprovider", "tests"]
        return subprocess.run(run, cwd=folder, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
