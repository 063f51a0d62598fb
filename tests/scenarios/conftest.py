"""A private stand-in, and somebody else's server to test with it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.certificate import certificate
from tests.scenarios.other_multi import UNKNOWN_PATH, Multi, serving_other_multi, write_bindings
from watchword.contract.bindings import Bindings, read_bindings, with_codes
from watchword.contract.examination import Examination
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade

__all__ = ["certificate"]

Examine = Callable[[], Examination]


@contextmanager
def begin(oracle: Oracle, url: str, bindings: Bindings, level: Grade) -> Iterator[Examine]:
    """Let tests of a server begin, each with a call."""
    with closing(bindings.target(url)) as target:
        today = date(2026, 1, 15)
        yield lambda: Examination(oracle, target, url, level, bindings.accepted, today, timedelta(), lambda _line: None)


def play_until_blamed(run: Examination, scenarios: Sequence[Scenario], rule: str) -> None:
    """Play scenarios until a finding names *rule*, or until there is any if that is empty; one has to."""
    for scenario in scenarios:
        run.play([scenario])
        if any(rule in ("", one.rule) for one in run.findings):
            return
    pytest.fail(f"findings name {sorted({one.rule for one in run.findings})}, and not {rule!r}")


def read_written(written: str, system: str, folder: Path) -> Bindings:
    """Read what the owner of a server has written down."""
    file = folder / "bindings.toml"
    file.write_text(written, encoding="utf-8")
    return read_bindings(file, SUBJECTS[system], {})


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """The stand-in that knows every answer of Multi."""
    with private_oracle(SUBJECTS["weavr_multi"], tuned=with_codes(None, {})) as oracle:
        yield oracle


@pytest.fixture(scope="session")
def other() -> Iterator[tuple[str, Multi]]:
    """Somebody else's Multi: its address and its state."""
    with serving_other_multi() as other:
        yield other


@pytest.fixture
def multi(other: tuple[str, Multi]) -> Multi:
    """The state of somebody else's Multi, without a defect."""
    other[1].defect, other[1].expires_after, other[1].answers_left = "", 0, None
    other[1].ways = ()
    other[1].missing, other[1].silent, other[1].is_guarded = "", "", False
    other[1].unknown_path, other[1].unknown_body = 404, UNKNOWN_PATH
    other[1].reset()
    return other[1]


@pytest.fixture(scope="session")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Bindings:
    """What the owner of that server has written down."""
    return read_written(write_bindings(), "weavr_multi", tmp_path_factory.mktemp("bindings"))


@pytest.fixture
def examine(oracle: Oracle, other: tuple[str, Multi], multi: Multi, bindings: Bindings) -> Iterator[Examine]:
    """Begin a test of that server."""
    with begin(oracle, other[0], bindings, Grade.VERIFIED) as examine:
        yield examine
