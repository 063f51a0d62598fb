"""Who is measured: Watchword, three peers with the same document, and a bare route for reference."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.processes import missing_tools
from tests.bench.scenarios import Scenario
from tests.bench.wiremock import write_stubs
from watchword.domain.hashing import Profile
from watchword.edge.served_api import ServedApi

WATCHWORD, BARE = "Watchword", "bare Starlette"
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
MODULES = _HERE / "node_modules"
_JAVA_NOISE = "Picked up"
_UNWANTED = ("WATCHWORD_", "PYTHONDONTWRITEBYTECODE")
_OURS = os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])


@dataclass(frozen=True)
class Target:
    """
    Somebody to measure.

    Args:
        command: What to run on a given port.
        lacking: Why it cannot be run here; empty if it can.
        path: Where it finds its modules, if it is written in Python.
        ours: Whether it is Watchword, whose sandboxes can be put back to their seed.
    """

    name: str
    version: str
    command: Callable[[int], Sequence[str]]
    lacking: str = ""
    path: str = _OURS
    ours: bool = False

    def can(self, scenario: Scenario) -> bool:
        """Whether *scenario* can be asked."""
        return scenario.bare or self.name != BARE


def watchword(profile: Profile = Profile.FAST, *, name: str = WATCHWORD, path: str = _OURS) -> Target:
    """Watchword as its users start it, with hashes of some cost, this checkout's or another one's."""

    def command(port: int) -> Sequence[str]:
        return [sys.executable, "-m", "watchword", "serve", "--port", str(port), "--hashing", profile.value]

    return Target(name, version("watchword"), command, path=path, ours=True)


def targets(served_api: ServedApi, folder: Path) -> list[Target]:
    """
    List everybody, Watchword first.

    Args:
        served_api: Whose document the peers are given.
        folder: Where they are given it.
    """
    path = folder / "openapi.json"
    path.write_text(json.dumps(served_api.document.export(served_api.handlers)), encoding="utf-8")
    stubs = folder / "wiremock"
    write_stubs(served_api.document, stubs)
    jar = next(iter(sorted((MODULES / "wiremock" / "build").glob("wiremock-standalone-*.jar"))), Path("none.jar"))
    prism = MODULES / "@stoplight" / "prism-cli"
    return [
        watchword(),
        _peer(
            "Prism",
            "@stoplight/prism-cli",
            ["node"],
            # Its log of requests is left out: it costs more than the answers.
            lambda port: ["node", str(prism / "dist" / "index.js"), "mock", "-v", "error", "-p", str(port), str(path)],
        ),
        _peer(
            "Scalar",
            "@scalar/mock-server",
            ["node"],
            lambda port: ["node", str(_HERE / "scalar.mjs"), str(path), str(port)],
        ),
        _peer(
            "WireMock",
            "wiremock",
            ["java"],
            lambda port: [
                *("java", "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1"),
                *("--root-dir", str(stubs), "--no-request-journal", "--disable-banner"),
            ],
        ),
        Target(BARE, version("starlette"), lambda port: [sys.executable, "-m", "tests.bench.bare", str(port)]),
    ]


def _peer(name: str, package: str, tools: Sequence[str], command: Callable[[int], Sequence[str]]) -> Target:
    lacking = [f"there is no {tool} here" for tool in missing_tools(*tools)]
    manifest = MODULES / package / "package.json"
    installed = ""
    if manifest.is_file():
        installed = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    else:
        lacking.append(f"{package} is not installed")
    return Target(name, installed, command, "; ".join(lacking))


def environment(path: str = _OURS) -> Mapping[str, str]:
    """
    What the targets are given: this process's own, without settings of Watchword and without reports home.

    Bytecode is written, so that no start but the first compiles.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_UNWANTED)}
    return {**kept, "PYTHONPATH": path, "SCARF_ANALYTICS": "false", "NO_COLOR": "1"}


def versions(found: Sequence[Target]) -> dict[str, str]:
    """Tell who exactly was measured, and on what."""
    tools = {
        "Python": sys.version.split()[0],
        "uvicorn": version("uvicorn"),
        "Connexion": version("connexion"),
        "TinyDB": version("tinydb"),
        "argon2-cffi": version("argon2-cffi"),
        "Node": _said("node", "--version").lstrip("v"),
        "Java": _said("java", "--version"),
        "wrk": _said("wrk", "--version"),
    }
    return {**{one.name: one.version for one in found}, **{name: found for name, found in tools.items() if found}}


def _said(*command: str) -> str:
    if missing_tools(command[0]):
        return ""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # version questions
    lines = [line for line in (ended.stdout or ended.stderr).splitlines() if not line.startswith(_JAVA_NOISE)]
    words = lines[0].split() if lines else []
    # "openjdk 17.0.15 2025-04-15", "wrk debian/4.1.0-3+b2 [epoll] ...", "v20.20.2"
    return (words[1] if len(words) > 1 else words[0]).removeprefix("debian/") if words else ""
