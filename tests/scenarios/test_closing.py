"""A run leaves the server as it found it."""

from datetime import timedelta

from tests.scenarios.conftest import begin
from tests.scenarios.other_multi import DAY, Multi
from tests.scenarios.test_expiry import told
from watchword.contract.bindings import Bindings
from watchword.contract.oracle import Oracle
from watchword.domain.rule import Grade


def test_the_next_run_finds_the_server_as_this_one_did(
    oracle: Oracle, other: tuple[str, Multi], multi: Multi, bindings: Bindings
) -> None:
    multi.expires_after = 365 * DAY
    with begin(oracle, other[0], bindings, Grade.VERIFIED) as examine:
        examine().play([told(wait=timedelta(days=2))])
        assert multi.ahead > 0
    assert multi.ahead == 0


def test_the_end_of_a_run_against_a_lost_server_says_nothing(bindings: Bindings) -> None:
    bindings.target("http://127.0.0.1:9").close()
