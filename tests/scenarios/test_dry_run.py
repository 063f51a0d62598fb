"""What a dry run says of a server that is right."""

from pathlib import Path

import pytest

from watchword.contract.driver import TargetFailed
from watchword.contract.dry_run import find_problems
from watchword.contract.hooks import CommandHook
from watchword.contract.oracle import private_oracle
from watchword.contract.subjects import SUBJECTS


@pytest.mark.parametrize("system", SUBJECTS)
def test_everybody_can_log_in_on_our_own_server(system: str) -> None:
    with private_oracle(SUBJECTS[system]) as oracle, private_oracle(SUBJECTS[system]) as ours:
        assert list(find_problems(oracle, ours.driver)) == []


def test_a_hook_whose_command_does_not_exist_is_told_without_the_number_of_the_error(tmp_path: Path) -> None:
    command = str(tmp_path / "reset.sh")
    with pytest.raises(TargetFailed) as failed:
        CommandHook("reset", (command,)).run()
    assert str(failed.value) == f"hooks.reset: {command} cannot be run (No such file or directory)"
