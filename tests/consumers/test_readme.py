"""Consumers in other languages, copied from the README and run as it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import watchword.admin
from watchword.journal.findings import Kind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLIENT = Path(watchword.admin.__file__).parent / "static" / "client.mjs"
JARS = ROOT / "tests" / "rpc" / "java" / "lib"
HERE = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD")}


def save(name: str, folder: Path) -> Path:
    """Save the block of the README that begins with the name of its file."""
    (block,) = re.findall(rf"^```\w+\n((?://|#) {re.escape(name)}\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    file = folder / Path(name).name
    file.write_text(block, encoding="utf-8")
    return file


def gated(folder: Path, *command: str) -> str:
    """Run a command behind the gate of the README."""
    words = [sys.executable, "-m", "watchword", "exec", "--fail-on", "undocumented,unmatched", "--", *command]
    ran = subprocess.run(words, cwd=folder, env=HERE, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def test_the_tests_for_node_pass_the_gate(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    save("forgot_password.test.mjs", tmp_path)
    (tmp_path / "client.mjs").write_bytes(CLIENT.read_bytes())
    told = gated(tmp_path, "node", "--test")
    assert "pass 1" in told
    assert ", 2 requests." in told


def test_the_tests_for_junit_pass_the_gate(tmp_path: Path) -> None:
    console = next(JARS.glob("junit-platform-console-standalone-*.jar"), None)
    if console is None or shutil.which("javac") is None:
        pytest.skip("make clients installs JUnit from Maven Central")
    source = save("ForgotPasswordTest.java", tmp_path)
    subprocess.run(["javac", "-cp", str(console), source.name], cwd=tmp_path, check=True)  # noqa: S603, S607
    told = gated(
        tmp_path, "java", "-jar", str(console), "execute", "-cp", ".", "-c", "ForgotPasswordTest", "--details", "tree"
    )
    assert "1 tests successful" in told
    assert ", 2 requests." in told


def test_the_container_of_testcontainers_compiles(tmp_path: Path) -> None:
    if not list(JARS.glob("testcontainers-*.jar")) or shutil.which("javac") is None:
        pytest.skip("make clients installs Testcontainers from Maven Central")
    source = save("WatchwordContainer.java", tmp_path)
    subprocess.run(["javac", "-cp", f"{JARS}/*", source.name], cwd=tmp_path, check=True)  # noqa: S603, S607
    assert (tmp_path / "WatchwordContainer.class").exists()


def test_the_workflow_for_github_can_be_read_and_uses_flags_that_there_are(tmp_path: Path) -> None:
    workflow = yaml.safe_load(save(".github/workflows/contract.yml", tmp_path).read_text(encoding="utf-8"))
    (command,) = [one["run"] for one in workflow["jobs"]["contract"]["steps"] if "exec" in one.get("run", "")]
    ran = subprocess.run(  # noqa: S603  # our README
        ["bash", "-c", command.replace("npm test", "true").replace("watchword", f"{sys.executable} -m watchword", 1)],  # noqa: S607
        cwd=tmp_path,
        env=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert "of the documented answers were reached, not 30 %." in ran.stderr


def test_the_readme_explains_every_kind_of_finding() -> None:
    explained = re.findall(r"^\| `([a-z-]+)` \|", README, re.MULTILINE)
    assert [one for one in explained if one in set(Kind)] == list(Kind)
