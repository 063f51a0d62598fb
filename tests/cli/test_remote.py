"""What all commands say that talk to a running server."""

from pathlib import Path

import pytest

from tests.cli.commands import run

FORM = "has to begin with http:// or https:// and a host, as in https://test.example."


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", f"the address of the server is empty: it {FORM}"),
        ("foo", f"the address of the server {FORM}"),
        (
            "http://127.0.0.1:Secret-1",
            "the address of the server cannot be read: its port is not a number up to 65535.",
        ),
        ("http://me:Secret-1@127.0.0.1:1", "the admin token goes into --token or WATCHWORD_ADMIN_TOKEN."),
        ("http://127.0.0.1:1/?key=Secret-1", "the address of the server has a query or a fragment: leave it out"),
    ],
)
def test_an_address_that_cannot_be_used_exits_with_2_and_says_what_it_has_to_be(
    url: str, said: str, tmp_path: Path
) -> None:
    result = run(tmp_path, "log", "--url", url)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert "Secret" not in result.output


@pytest.mark.parametrize("command", [("why",), ("coverage",), ("people",), ("export", "state")])
def test_every_command_that_talks_to_a_running_server_looks_at_its_address_first(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(tmp_path, *command, env={"WATCHWORD_URL": "localhost:7070"})
    assert (result.exit_code, f"{FORM} (from WATCHWORD_URL)" in " ".join(result.stderr.split())) == (2, True)
