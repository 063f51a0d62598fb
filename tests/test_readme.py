"""The commands and code blocks of the README and of docs/, run unchanged against a server."""

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
from watchword.cli.settings_layers import apply_layers
from watchword.systems import SYSTEMS

ROOT = Path(__file__).parents[1]
PAGES = {page: page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]}
NODE = ROOT / "tests" / "rpc" / "node"
ADDRESS = "http://127.0.0.1:7070"
_CHECKER = doctest.OutputChecker()


def blocks(language: str) -> list[str]:
    """List the code blocks in one *language*, in order."""
    written = "\n".join(PAGES.values())
    return re.findall(rf"^```{language}\n(.*?)^```$", written, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the commands of the README, which run in order."""
    with serving(tmp_path_factory.mktemp("readme")) as served:
        yield served.url


def _shell(command: str, where: Path, **variables: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(  # noqa: S603  # commands of the README
        ["bash", "-o", "pipefail", "-c", command],  # noqa: S607
        cwd=where,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
    return ended.stdout


def test_commands_print_what_the_readme_shows(url: str, tmp_path: Path) -> None:
    """Lines with a dollar are commands; the lines below are their output, with ``...`` for any text."""
    ran = 0
    for block in blocks("console"):
        for typed, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            printed = _shell(typed.replace(ADDRESS, url), tmp_path, URL=url)
            ran += 1
            if shown:
                flags = doctest.ELLIPSIS
                said = printed if printed.endswith("\n") else f"{printed}\n"
                assert _CHECKER.check_output(shown, said, flags), f"{typed}\nshown: {shown}\nprinted: {printed}"
    assert ran


def test_python_blocks_run(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They raise an error if something is wrong."""
    monkeypatch.setenv("URL", url)
    found = blocks("python")
    assert found
    for block in found:
        exec(compile(block.replace(ADDRESS, url), "README.md", "exec"), {})  # noqa: S102  # code of the README


def test_javascript_blocks_run(url: str) -> None:
    """They fail if a call fails; ``make clients`` installs the packages that they import."""
    if not (NODE / "node_modules").exists():
        pytest.skip("make clients installs the clients from npm")
    found = blocks("js")
    assert found
    for block in found:
        # Next to the packages, so that node finds them; with an explicit exit, because gRPC keeps its connection open.
        with tempfile.NamedTemporaryFile("w", dir=NODE, suffix=".mjs") as script:
            script.write(f"{block.replace(ADDRESS, url)}\nprocess.exit(0);\n")
            script.flush()
            _shell(f"node {script.name}", NODE)


def test_the_overlay_is_served_with_the_chosen_example(tmp_path: Path) -> None:
    """The overlay and the command of the section about reviews work."""
    overlay = next(block for block in blocks("yaml") if "overlay:" in block)
    (tmp_path / "proposal.yaml").write_text(overlay, encoding="utf-8")
    compare = next(line for line in "\n".join(blocks("sh")).splitlines() if line.startswith("watchword diff --overlay"))
    told = _shell(compare, tmp_path)
    assert told.startswith("document: 1 harmless; behaviour: nothing differs: current → current+proposal.yaml\n")
    assert "operation-added" in (tmp_path / "comment.md").read_text(encoding="utf-8")
    with serving(tmp_path, "--overlay", str(tmp_path / "proposal.yaml")) as served:
        url = served.url
        listed = json.loads(_shell(f"curl -s '{url}/__admin/people?system=weavr_multi'", tmp_path))["people"]
        headers = next(one["headers"] for one in listed if one["name"] == "ada")
        shown = " ".join(f"-H '{name}: {value}'" for name, value in headers.items())
        answer = _shell(f"curl -s -i {url}/passwords/age -H 'Prefer: example=old' {shown}", tmp_path)
    assert '{"days":400}' in answer
    assert "watchword-answer: example" in answer.lower()


def test_lint_finds_nothing_in_the_proposals_but_answers_that_no_behaviour_gives(tmp_path: Path) -> None:
    """What the README proposes is well made; an error that a front end is built for does not exist yet."""
    echoed = re.findall(r"^\$ echo '(\{\"overlay\".*)' > ", "\n".join(blocks("console")), re.MULTILINE)
    proposals = [*echoed, *(block for block in blocks("yaml") if "overlay:" in block)]
    assert echoed
    for number, proposal in enumerate(proposals):
        (tmp_path / f"{number}.yaml").write_text(proposal, encoding="utf-8")
        told = _shell(f"watchword lint --no-spectral --overlay {number}.yaml", tmp_path).splitlines()
        assert [one for one in told[:-1] if "answer-unreached" not in one] == []


def test_a_sandbox_chooses_the_overlay_as_a_proposal(tmp_path: Path) -> None:
    """The command that chooses it works, and the sandbox is answered by it."""
    (tmp_path / "proposal.yaml").write_text(next(block for block in blocks("yaml") if "overlay:" in block))
    choose = next(line for line in "\n".join(blocks("sh")).splitlines() if line.startswith("curl -s -X PUT"))
    with serving(tmp_path, "--proposal", f"next={tmp_path / 'proposal.yaml'}") as served:
        chosen = json.loads(_shell(re.sub(r"http://[^/]+", served.url, choose), tmp_path))
        asked = f"curl -s -o /dev/null -w '%{{http_code}}' {served.url}"
        codes = [_shell(f"{asked}{where}/passwords/age", tmp_path) for where in ("", "/~try")]
    assert (chosen["name"], chosen["proposal"], codes) == ("try", "next", ["404", "400"])


def test_the_settings_example_is_accepted() -> None:
    """Every setting in the TOML block exists."""
    values = tomllib.loads(blocks("toml")[0])
    settings = apply_layers(SYSTEMS, [("README.md", values["settings"])])
    assert settings["weavr_multi"].portal_url == "http://localhost:3000"


def test_the_make_commands_are_targets_of_the_makefile() -> None:
    """The commands of the first code block exist."""
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    typed = re.findall(r"^make ([a-z]+)", "\n".join(blocks("sh")), re.MULTILINE)
    assert typed
    assert set(typed) <= targets


def test_relative_links_lead_to_existing_files() -> None:
    """Relative links lead to existing files, and to headings that are there."""
    for page, written in PAGES.items():
        for target, heading in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", written):
            found = page.parent / target if target else page
            assert found.exists(), f"{page.name}: {target}"
            assert not heading or heading in headings(found), f"{page.name}: {target}#{heading}"


def headings(page: Path) -> set[str]:
    """List the anchors of a page, as GitHub makes them."""
    written = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in written}
