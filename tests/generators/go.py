"""Which Go compiles the clients."""

import json
import re
import subprocess
from pathlib import Path

# The first that oapi-codegen and the modules of its clients do with.
_TOOLCHAIN = "go1.26.0"


def environment() -> dict[str, str]:
    """
    Give the environment in which Go is new enough.

    Since 1.21, Go fetches a newer version of itself as a module. Debian 12 has an older one: that is done for it here.
    """
    version, system, processor = _go("env", "GOVERSION", "GOOS", "GOARCH").split()
    if _numbers(version) >= (1, 21):
        return {"GOTOOLCHAIN": "auto"}
    module = f"golang.org/toolchain@v0.0.1-{_TOOLCHAIN}.{system}-{processor}"
    root = Path(json.loads(_go("mod", "download", "-json", module))["Dir"])
    # A module's files come without the right to execute them.
    for file in (*root.glob("bin/*"), *root.glob("pkg/tool/*/*")):
        file.chmod(0o555)
    return {"PATH": str(root / "bin"), "GOROOT": str(root)}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _go(*arguments: str) -> str:
    return subprocess.run(["go", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607  # the tool under test
