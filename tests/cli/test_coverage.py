"""``watchword coverage`` and ``serve --coverage``."""

import json
from pathlib import Path

import httpx
from click.testing import CliRunner

from tests.cli.commands import refused
from tests.serving import serving
from watchword.cli.main import cli


def test_coverage_of_a_running_server_is_shown(tmp_path: Path) -> None:
    with serving(tmp_path, "--coverage", "--journal", "2") as server:
        for _ in range(5):
            assert httpx.get(f"{server.url}/~one/debug/healthz").status_code == 200
        run = CliRunner()
        text = run.invoke(cli, ["coverage", "--url", server.url, "--operations", "zitadel.healthz"])
        assert text.stdout.splitlines()[-1].endswith("1 of 1 operations called, 5 requests.")
        found = run.invoke(cli, ["coverage", "--url", server.url, "--only", "o*", "--format", "json"])
        assert json.loads(found.stdout)["requests"] == 5
        nothing = run.invoke(cli, ["coverage", "--url", server.url, "--operations", "nothing"])
        assert nothing.exit_code == 2
        assert "No operation fits" in nothing.stderr


def test_coverage_without_a_journal_refuses_the_start(tmp_path: Path) -> None:
    result = refused(tmp_path, "--coverage", "--journal", "0")
    assert result.exit_code == 2
    assert "--coverage: there is no journal to count in" in result.stderr
