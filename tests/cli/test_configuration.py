"""Where values come from: flags, then environment, then one file, then defaults."""

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from pydantic import Field

from tests.toy import toy
from watchword.cli.configuration import Flag, read_file, start_settings, use_file
from watchword.system.settings import SystemSettings


@click.group()
@click.option("--config", type=click.Path(path_type=Path))
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    use_file(context, serve, config)


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


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert values(run(tmp_path, "serve")) == "7070 1.5 True ()"


def test_the_file_goes_before_the_defaults(tmp_path: Path) -> None:
    result = run(tmp_path, "serve", file=FILE)
    assert values(result) == "1 2.5 False ('a', 'b')"
    assert result.output.splitlines()[1] == "settings {'toy': {'maintenance': True}}"


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    env = {"WATCHWORD_PORT": "2", "WATCHWORD_BODY_TIMEOUT": "3.5", "WATCHWORD_CORS": "true"}
    assert values(run(tmp_path, "serve", file=FILE, env=env)) == "2 3.5 True ('a', 'b')"


def test_a_flag_goes_before_everything(tmp_path: Path) -> None:
    result = run(tmp_path, "serve", "-p", "3", "--no-cors", file=FILE, env={"WATCHWORD_PORT": "2"})
    assert values(result) == "3 2.5 False ('a', 'b')"


def test_underscores_are_as_good_as_dashes_in_the_file(tmp_path: Path) -> None:
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
        (["--prot", "1"], None, {}, ["No such option", "--prot"]),
    ],
    ids=["flag", "environment", "file", "unknown in the file", "no flag of ours", "no toml", "unknown flag"],
)
def test_a_wrong_value_is_refused_with_the_place_it_came_from(
    tmp_path: Path, words: list[str], file: str | None, env: dict[str, str], messages: list[str]
) -> None:
    result = run(tmp_path, "serve", *words, file=file, env=env)
    assert result.exit_code == 2
    for message in messages:
        assert message in result.output.replace("\n", " ")


def test_a_wrong_flag_does_not_blame_another_place(tmp_path: Path) -> None:
    assert "(from" not in run(tmp_path, "serve", "-p", "x", file=FILE, env={"WATCHWORD_PORT": "2"}).output


def test_the_file_is_looked_for_upwards(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert read_file(None, below) == (tmp_path / "watchword.toml", {"port": 5})


def test_the_nearest_file_alone_counts(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a"
    below.mkdir()
    (below / "watchword.toml").write_text("cors = false")
    assert read_file(None, below) == (below / "watchword.toml", {"cors": False})


def test_a_table_of_pyproject_will_do(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.watchword]\nport = 6\n[tool.other]\nport = 7")
    assert read_file(None, tmp_path) == (project, {"port": 6})


def test_a_pyproject_without_our_table_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    below = tmp_path / "a"
    below.mkdir()
    (below / "pyproject.toml").write_text("[tool.other]\nport = 7")
    assert read_file(None, below) == (tmp_path / "watchword.toml", {"port": 5})


def test_a_file_of_our_own_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    (tmp_path / "pyproject.toml").write_text("[tool.watchword]\nport = 6")
    assert read_file(None, tmp_path)[1] == {"port": 5}


def test_a_file_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("port = 5")
    other = tmp_path / "other.toml"
    other.write_text("port = 8")
    assert read_file(other, tmp_path) == (other, {"port": 8})
    assert values(run(tmp_path, "--config", str(other), "serve")) == "8 1.5 True ()"


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"missing\.toml"):
        read_file(tmp_path / "missing.toml", tmp_path)


class ToySettings(SystemSettings):
    """Settings of the toy."""

    color: str = Field(default="red", max_length=5)


SYSTEMS = [toy(settings=ToySettings), toy(name="doll")]


def test_every_system_starts_with_its_defaults() -> None:
    assert start_settings(SYSTEMS, []) == {"toy": ToySettings(), "doll": SystemSettings()}


def test_later_layers_win_name_by_name() -> None:
    layers: list[tuple[str, dict[str, Any]]] = [
        ("file", {"toy": {"color": "blue", "maintenance": True}}),
        ("--set", {"toy": {"color": "green"}, "doll": {"failing": True}}),
    ]
    assert start_settings(SYSTEMS, layers) == {
        "toy": ToySettings(color="green", maintenance=True),
        "doll": SystemSettings(failing=True),
    }


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"toys": {}}, r"--set: 'toys' is not a system\. There are: toy, doll\."),
        ({"toy": {"colour": "red"}}, r"--set: toy\.colour: there is no such setting\. There are: .*color\."),
        ({"toy": {"maintenance": "perhaps"}}, r"--set: toy\.maintenance: 'perhaps' does not fit\. .*valid boolean"),
        ({"toy": {"color": "a long one"}}, r"--set: toy\.color: 'a long one' does not fit\. .*at most 5 characters"),
        ({"toy": {"rate_limits": [{"requests": 0, "seconds": 1}]}}, r"--set: toy\.rate_limits\.0\.requests: '0' does"),
        ({"toy": 5}, "--set: toy needs names and values"),
        (5, "--set: settings are given by system"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_with_its_source(layer: Any, message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        start_settings(SYSTEMS, [("--set", layer)])
