"""Options that take several words: with commas, in a repeated option, or both, in every command."""

from pathlib import Path

import click
import pytest

from tests.cli.commands import run
from watchword.cli.main import cli
from watchword.cli.words import Words

CONTEXT = click.Context(cli)
COMMANDS = cli.list_commands(CONTEXT)
_LISTS = ("--fail-on", "--only", "--operations", "--report", "--mutants")
_SINGLE = {("coverage", "--only"), ("lint", "--fail-on")}
"""One sandbox, and one severity: these name no list."""


def options(command: str) -> list[click.Option]:
    found = cli.get_command(CONTEXT, command)
    assert found is not None
    return [one for one in found.params if isinstance(one, click.Option)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_takes_a_list_splits_and_adds_up(command: str) -> None:
    for one in options(command):
        if one.opts[0] in _LISTS and (command, one.opts[0]) not in _SINGLE:
            assert one.type_cast_value(CONTEXT, ["a, b", "", "c,"]) == ("a", "b", "c"), one.opts


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_promises_commas_is_such_a_list(command: str) -> None:
    assert [one.opts for one in options(command) if "comma" in (one.help or "") and not isinstance(one, Words)] == []


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    document = "openapi: 3.0.3\ninfo: {title: Doors, version: '1'}\npaths: {}\n"
    (tmp_path / "base.yaml").write_text(document, encoding="utf-8")
    (tmp_path / "head.yaml").write_text(document.replace("Doors", "Gates"), encoding="utf-8")
    return tmp_path


def test_parts_of_a_repeated_only_are_all_compared(documents: Path) -> None:
    together = run(documents, "diff", "base.yaml", "head.yaml", "--all", "--only", "document,behaviour")
    repeated = run(documents, "diff", "base.yaml", "head.yaml", "--all", "--only", "document", "--only", "behaviour")
    assert repeated.stdout == together.stdout
    assert "title of the document is another" in repeated.stdout


def test_of_a_repeated_fail_on_each_word_fails(documents: Path) -> None:
    flags = ("--only", "document", "--fail-on", "harmless", "--fail-on", "breaking")
    assert run(documents, "diff", "base.yaml", "head.yaml", *flags).exit_code == 1


def test_a_repeated_fail_on_has_nothing_beside_never(documents: Path) -> None:
    ended = run(documents, "diff", "base.yaml", "head.yaml", "--fail-on", "never", "--fail-on", "risky")
    assert (ended.exit_code, "'never,risky': 'never' has nothing beside it." in ended.stderr) == (2, True)


def test_a_fail_on_that_names_nothing_is_refused(documents: Path) -> None:
    ended = run(documents, "diff", "base.yaml", "head.yaml", "--fail-on", "")
    assert (ended.exit_code, "name what fails the comparison: breaking, " in ended.stderr) == (2, True)
