"""The wire, the disk, flags and settings are what they were."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.goldens.replay import FOLDER, Case, answered, cases, play, server, surface
from tests.outcomes import documented
from watchword.build import Built

CASES = list(cases())
_OF_A_JOURNAL = frozenset(("entry-gone", "gone", "no-such-entry"))
"""Outcomes that the recorded server cannot have, because it has no journal."""
_OF_A_PROPOSAL = frozenset(
    (("admin.make_sandbox", 400, "no-such-proposal"), ("admin.make_sandbox", 409, "contradiction"))
)
"""Outcomes that it cannot have, because it has no proposal."""


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


def test_every_outcome_of_a_recorded_operation_was_recorded(recorded: Built) -> None:
    have = {tuple(one) for case in CASES for one in case["reaches"]}
    operations = {operation for operation, *_ in have}
    served_apis = [recorded.imitated, recorded.admin]
    wanted = {
        (outcome.operation, outcome.status, outcome.name, "rest")
        for served_api in served_apis
        if served_api is not None
        for outcome, _, unreachable in documented(served_api.document)
        if not unreachable and outcome.operation in operations and outcome.name not in _OF_A_JOURNAL
    }
    assert not {one for one in wanted - have if one[:3] not in _OF_A_PROPOSAL}


def test_a_data_directory_of_that_server_opens_and_goes_on(tmp_path: Path, loop: asyncio.Runner) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "watchword.sqlite3")) as connection:
        connection.executescript((FOLDER / "data.sql").read_text(encoding="utf-8"))
    built = server(data=folder)
    try:
        for step in json.loads((FOLDER / "data.json").read_text(encoding="utf-8")):
            assert loop.run(answered(built, step["request"])) == step["answer"]
    finally:
        built.imitated.sandboxes.persistence.close()


def test_flags_and_settings_are_what_they_were(recorded: Built) -> None:
    assert surface(recorded) == json.loads((FOLDER / "surface.json").read_text(encoding="utf-8"))
