"""The sources of a value, in order: the flag, the environment, the configuration file, the default."""

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from watchword.cli.config_file import find_config_file, use_config_file
from watchword.cli.flag import Flag


@click.group()
@click.option("--config", type=click.Path(path_type=Path))
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    use_config_file(context, serve, config)


@cli.command()
@click.option("-p", "--port", cls=Flag, type=click.IntRange(0, 65535), default=7070)
@click.option("--body-timeout", cls=Flag, type=float, default=1.5)
@click.option("--cors/--no-cors", cls=Flag, default=True)
@click.option("--overlay", cls=Flag, multiple=True)
@click.option("--plain", default="x")
@click.pass_context
def serve(context: click.Context, /, **flags: Any) -> None:
    click.echo(f"{flags['port']} {flags['body_timeout']} {flags['cors']} {flags['overlay']}")
    click.echo(f"settings {context.obj['settings']}")


def run(folder: Path, *words: str, file: str | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Run the command in *folder*, with *file* as its configuration file."""
    if file is not None:
        (folder / "watchword.toml").write_text(file, encoding="utf-8")
    with chdir(folder):
        return CliRunner().invoke(cli, words, env=dict(env or {}))


def values(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[0]


FILE = "port = 1\nbody-timeout = 2.5\ncors = false\noverlay = ['a', 'b']\n[settings.toy]\nmaintenance = true\n"


def test_without_any_source_a_flag_has_its_default(tmp_path: Path) -> None:
    assert values(run(tmp_path, "serve")) == "7070 1.5 True ()"


def test_the_file_overrides_the_defaults(tmp_path: Path) -> None:
    result = run(tmp_path, "serve", file=FILE)
    assert values(result) == "1 2.5 False ('a', 'b')"
    assert result.output.splitlines()[1] == "settings {'toy': {'maintenance': True}}"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    env = {"WATCHWORD_PORT": "2", "WATCHWORD_BODY_TIMEOUT": "3.5", "WATCHWORD_CORS": "true"}
    assert values(run(tmp_path, "serve", file=FILE, env=env)) == "2 3.5 True ('a', 'b')"


def test_a_flag_overrides_everything(tmp_path: Path) -> None:
    result = run(tmp_path, "serve", "-p", "3", "--no-cors", file=FILE, env={"WATCHWORD_PORT": "2"})
    assert values(result) == "3 2.5 False ('a', 'b')"


def test_a_name_in_the_file_can_have_dashes_or_underscores(tmp_path: Path) -> None:
    assert values(run(tmp_path, "serve", file="body_timeout = 9")) == "7070 9.0 True ()"


@pytest.mark.parametrize(
    ("words", "file", "env", "messages"),
    [
        (["-p", "70000"], None, {}, ["'--port'", "70000 is not in the range 0<=x<=65535."]),
        ([], None, {"WATCHWORD_PORT": "many"}, ["'many' is not a valid integer", "(from WATCHWORD_PORT)"]),
        ([], "port = 'few'", {}, ["'few' is not a valid integer", "watchword.toml)"]),
        ([], "prot = 1", {}, ["watchword.toml: 'prot' is not a setting", "body_timeout, cors, overlay, port"]),
        ([], "plain = 'y'", {}, ["watchword.toml: 'plain' is not a setting"]),
        ([], "port = few", {}, ["watchword.toml: ", "line 1"]),
        ([], f"port = {'9' * 5000}", {}, ["watchword.toml: a number in it has too many digits"]),
        (["--prot", "1"], None, {}, ["No such option", "--prot"]),
    ],
    ids=[
        *("flag", "environment", "file", "unknown in the file", "not a flag of ours"),
        *("not TOML", "long number", "unknown flag"),
    ],
)
def test_an_invalid_value_is_refused_with_its_source(
    tmp_path: Path, words: list[str], file: str | None, env: dict[str, str], messages: list[str]
) -> None:
    result = run(tmp_path, "serve", *words, file=file, env=env)
    assert result.exit_code == 2
    for message in messages:
        assert message in result.output.replace("\n", " ")


def test_an_invalid_flag_names_no_other_source(tmp_path: Path) -> None:
    assert "(from" not in run(tmp_path, "serve", "-p", "x", file=FILE, env={"WATCHWORD_PORT": "2"}).output


def test_the_file_is_found_in_a_directory_above(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_config_file(None, below) == (tmp_path / "watchword.toml", {"port": 5})


def test_only_the_nearest_file_is_used(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a"
    below.mkdir()
    (below / "watchword.toml").write_text("cors = false")
    assert find_config_file(None, below) == (below / "watchword.toml", {"cors": False})


def test_a_table_in_pyproject_is_a_configuration_file(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.watchword]\nport = 6\n[tool.other]\nport = 7")
    assert find_config_file(None, tmp_path) == (project, {"port": 6})


def test_a_pyproject_without_our_table_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a"
    below.mkdir()
    (below / "pyproject.toml").write_text("[tool.other]\nport = 7")
    assert find_config_file(None, below) == (tmp_path / "watchword.toml", {"port": 5})


def test_watchword_toml_is_preferred_to_pyproject(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    (tmp_path / "pyproject.toml").write_text("[tool.watchword]\nport = 6")
    assert find_config_file(None, tmp_path)[1] == {"port": 5}


def test_a_named_file_is_the_only_one_that_is_used(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    other = tmp_path / "other.toml"
    other.write_text("port = 8")
    assert find_config_file(other, tmp_path) == (other, {"port": 8})
    assert values(run(tmp_path, "--config", str(other), "serve")) == "8 1.5 True ()"


def test_a_missing_named_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"missing\.toml"):
        find_config_file(tmp_path / "missing.toml", tmp_path)
