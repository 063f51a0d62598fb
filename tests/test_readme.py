"""The README's commands and code blocks, run against a server as they stand."""

import doctest
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import serving
from watchword.cli.configuration import start_settings
from watchword.systems import SYSTEMS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NODE = ROOT / "tests" / "rpc" / "node"
ADDRESS = "http://127.0.0.1:7070"
_CHECKER = doctest.OutputChecker()


def blocks(language: str) -> list[str]:
    """List the README's code blocks in one *language*, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that the README's commands talk to, in the order they stand there."""
    with serving(tmp_path_factory.mktemp("readme")) as served:
        yield served.url


def _shell(command: str, where: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(  # noqa: S603  # the README's own words
        ["bash", "-o", "pipefail", "-c", command],  # noqa: S607
        cwd=where,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
    return ended.stdout


def test_console_blocks_print_what_they_show(url: str, tmp_path: Path) -> None:
    """Lines with a dollar are typed; the lines below are what comes, with ``...`` for anything."""
    ran = 0
    for block in blocks("console"):
        for typed, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            printed = _shell(typed.replace(ADDRESS, url), tmp_path)
            ran += 1
            if shown:
                flags = doctest.ELLIPSIS
                said = printed if printed.endswith("\n") else f"{printed}\n"
                # `head` stops reading early; only the beginning is compared then.
                assert _CHECKER.check_output(shown, said, flags), f"{typed}\nshown: {shown}\nprinted: {printed}"
    assert ran


def test_python_blocks_run(url: str) -> None:
    """They assert for themselves."""
    found = blocks("python")
    assert found
    for block in found:
        exec(compile(block.replace(ADDRESS, url), "README.md", "exec"), {})  # noqa: S102  # the README's own words


def test_javascript_blocks_run(url: str) -> None:
    """They reject if a call fails; ``make clients`` installs what they import."""
    if not (NODE / "node_modules").exists():
        pytest.skip("make clients installs the clients from npm")
    found = blocks("js")
    assert found
    for block in found:
        # Beside the packages, where node looks for them; gRPC keeps its connection open, so it has to be told to end.
        with tempfile.NamedTemporaryFile("w", dir=NODE, suffix=".mjs") as script:
            script.write(f"{block.replace(ADDRESS, url)}\nprocess.exit(0);\n")
            script.flush()
            _shell(f"node {script.name}", NODE)


def test_the_overlay_is_served_and_its_example_chosen(tmp_path: Path) -> None:
    """The review tour works: the file as it stands, the curl as it stands."""
    overlay = next(block for block in blocks("yaml") if "overlay:" in block)
    (tmp_path / "proposal.yaml").write_text(overlay, encoding="utf-8")
    with serving(tmp_path, "--overlay", str(tmp_path / "proposal.yaml")) as served:
        url = served.url
        listed = json.loads(_shell(f"curl -s '{url}/__admin/people?system=weavr_multi'", tmp_path))["people"]
        headers = next(one["headers"] for one in listed if one["name"] == "ada")
        shown = " ".join(f"-H '{name}: {value}'" for name, value in headers.items())
        answer = _shell(f"curl -s -i {url}/passwords/age -H 'Prefer: example=old' {shown}", tmp_path)
    assert '{"days":400}' in answer
    assert "watchword-answer: example" in answer.lower()


def test_the_settings_example_is_accepted() -> None:
    """Every name in the TOML block exists."""
    values = tomllib.loads(blocks("toml")[0])
    settings = start_settings(SYSTEMS, [("README.md", values["settings"])])
    assert settings["weavr_multi"].portal_url == "http://localhost:3000"


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    """What the first block tells a newcomer to type exists."""
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    typed = re.findall(r"^make ([a-z]+)", "\n".join(blocks("sh")), re.MULTILINE)
    assert typed
    assert set(typed) <= targets


def test_links_lead_somewhere() -> None:
    """Relative links name files that are there."""
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
