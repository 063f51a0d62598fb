"""The wire, the disk, flags and settings are what they were."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.goldens.changes import outcome_of_today
from tests.goldens.replay import FOLDER, Case, answered, cases, expected, play, server
from tests.outcomes import documented
from watchword.build import Built
from watchword.cli.serve import serve

CASES = list(cases())


@pytest.fixture(scope="module")
def recorded() -> Built:
    """A server as the answers were recorded with."""
    return server()


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """An event loop for this module."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("case", CASES, ids=[case["name"].rpartition("::")[2] for case in CASES])
def test_every_answer_is_byte_for_byte_what_it_was(recorded: Built, loop: asyncio.Runner, case: Case) -> None:
    built = recorded if "capacity" not in case else server(max_sandboxes=case["capacity"])
    for now, then in play(built, loop, case):
        assert now == then


def test_every_outcome_of_an_operation_of_that_time_was_recorded(recorded: Built) -> None:
    have = {outcome_of_today(*one) for case in CASES for one in case["reaches"]}
    operations = {operation for operation, *_ in have}
    served_apis = [recorded.imitated, recorded.admin]
    wanted = {
        (outcome.operation, outcome.status, outcome.name, "rest")
        for served_api in served_apis
        if served_api is not None
        for outcome, _, unreachable in documented(served_api.document)
        if not unreachable and outcome.operation in operations
    }
    assert not wanted - have
    assert {protocol for *_, protocol in have} == {"rest", "grpc", "grpc-web", "connect"}


def test_a_data_directory_of_that_server_opens_and_goes_on(tmp_path: Path, loop: asyncio.Runner) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "watchword.sqlite3")) as connection:
        connection.executescript((FOLDER / "data.sql").read_text(encoding="utf-8"))
    built = server(data=folder)
    try:
        for step in json.loads((FOLDER / "data.json").read_text(encoding="utf-8")):
            assert loop.run(answered(built, step["request"])) == expected(step)
    finally:
        built.imitated.sandboxes.persistence.close()


def test_flags_and_settings_are_what_they_were(recorded: Built) -> None:
    before = json.loads((FOLDER / "surface.json").read_text(encoding="utf-8"))
    flags = [
        {
            "name": one.name,
            "flags": [*one.opts, *one.secondary_opts],
            "envvar": one.envvar,
            "default": one.default if isinstance(one.default, int | float | str | None) else None,
            "multiple": getattr(one, "multiple", False),
        }
        for one in serve.params
    ]
    assert flags == before["flags"]
    models = {one.name: one.settings_model.model_json_schema() for one in recorded.imitated.sandboxes.systems}
    assert _without_descriptions(models) == before["settings"]


def _without_descriptions(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: _without_descriptions(value)
            for name, value in node.items()
            if name != "description" or isinstance(value, dict)
        }
    return [_without_descriptions(item) for item in node] if isinstance(node, list) else node
