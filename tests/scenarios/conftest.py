"""A private stand-in, and somebody else's server to test with it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.certificate import certificate
from tests.scenarios.other_multi import Multi, serving_other_multi, write_bindings
from watchword.contract.bindings import Bindings, read_bindings, with_codes
from watchword.contract.examination import Examination
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade

__all__ = ["certificate"]

Examine = Callable[[], Examination]


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
    other[1].reset()
    return other[1]


@pytest.fixture(scope="session")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Bindings:
    """What the owner of that server has written down."""
    file: Path = tmp_path_factory.mktemp("bindings") / "bindings.toml"
    file.write_text(write_bindings(), encoding="utf-8")
    return read_bindings(file, SUBJECTS["weavr_multi"], {})


@pytest.fixture
def examine(oracle: Oracle, other: tuple[str, Multi], multi: Multi, bindings: Bindings) -> Iterator[Examine]:
    """Begin a test of that server."""
    url, target = other[0], bindings.target(other[0])
    today = date(2026, 1, 15)
    yield lambda: Examination(
        oracle, target, url, Grade.VERIFIED, bindings.accepted, today, timedelta(), lambda _line: None
    )
    target.close()
