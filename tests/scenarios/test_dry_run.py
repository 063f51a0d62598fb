"""What a dry run says of a server that is right."""

import pytest

from watchword.contract.dry_run import find_problems
from watchword.contract.oracle import private_oracle
from watchword.contract.subjects import SUBJECTS


@pytest.mark.parametrize("system", SUBJECTS)
def test_everybody_can_log_in_on_our_own_server(system: str) -> None:
    with private_oracle(SUBJECTS[system]) as oracle, private_oracle(SUBJECTS[system]) as ours:
        assert list(find_problems(oracle, ours.driver)) == []
