"""
The Python code of our ``.proto`` files, by ``protoc`` and ``protoc-gen-py``, both from PyPI.

``python -m tests.generate.protos`` writes it; with ``--check`` it fails if one file is stale.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.generate.marks import ROOT

RPC = ROOT / "src" / "watchword" / "systems" / "zitadel" / "rpc"
PROTO, GENERATED = RPC / "proto", RPC / "generated"
_NOTE = '"""Generated from ``proto`` by ``make proto``; do not edit."""\n'


def generate(folder: Path) -> None:
    """
    Write the code into *folder*.

    Raises:
        subprocess.CalledProcessError: A ``.proto`` file cannot be read; ``protoc`` has said why.
    """
    sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    plugins = Path(sys.executable).parent
    subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"--py_out={folder}", *sources],
        check=True,
        env={**os.environ, "PATH": f"{plugins}{os.pathsep}{os.environ.get('PATH', '')}"},
    )
    (folder / "__init__.py").write_text(_NOTE)


def stale(made: Path) -> list[str]:
    """List the files of the package that differ from those *made* anew."""
    names = {path.relative_to(made) for path in made.rglob("*.py")}
    names |= {path.relative_to(GENERATED) for path in GENERATED.rglob("*.py")}
    return sorted(str(name) for name in names if _text(made / name) != _text(GENERATED / name))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write or check; 1 if something is stale."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        generate(made)
        if "--check" not in sys.argv[1:]:
            shutil.rmtree(GENERATED, ignore_errors=True)
            shutil.copytree(made, GENERATED)
            return 0
        differing = stale(made)
    if differing:
        sys.stderr.write(f"stale: {', '.join(differing)}. Run 'make proto'.\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
