"""What a dry run says of a server that is right, and of one that says nothing."""

from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.scenarios.curt import FINE, SILENCE, curt
from watchword.contract.driver import TargetFailed
from watchword.contract.dry_run import find_problems
from watchword.contract.hooks import CommandHook, HttpHook, Said
from watchword.contract.http_target import HttpTarget
from watchword.contract.mailboxes import ListedMails
from watchword.contract.oracle import private_oracle
from watchword.contract.subjects import SUBJECTS
from watchword.contract.wire import Wire


@pytest.mark.parametrize("system", SUBJECTS)
def test_everybody_can_log_in_on_our_own_server(system: str) -> None:
    with private_oracle(SUBJECTS[system]) as oracle, private_oracle(SUBJECTS[system]) as ours:
        assert list(find_problems(oracle, ours.driver)) == []


def test_a_hook_whose_command_does_not_exist_is_told_without_the_number_of_the_error(tmp_path: Path) -> None:
    command = str(tmp_path / "reset.sh")
    with pytest.raises(TargetFailed) as failed:
        CommandHook("reset", (command,)).run()
    assert str(failed.value) == f"hooks.reset: {command} cannot be run (No such file or directory)"


def test_a_command_that_does_not_end_is_told_as_one_that_took_all_the_patience() -> None:
    hook = CommandHook("reset", ("sleep", "60"), patience_seconds=0.05)
    with pytest.raises(TargetFailed) as failed:
        hook.run()
    assert (str(failed.value), failed.value.hung) == ("hooks.reset: sleep takes more than 0.05 seconds", True)


@pytest.mark.parametrize(
    ("answers", "asked", "silent"),
    [
        ((), ["POST /test/reset"], "hooks.reset: {url} does not answer POST /test/reset"),
        (
            (FINE,),
            ["POST /test/reset", "GET /test/mails", "POST /test/reset"],
            "hooks.mails: {url} does not answer GET",
        ),
    ],
    ids=["reset", "mails"],
)
def test_a_server_that_accepts_connections_and_never_answers_is_waited_for_once(
    answers: tuple[bytes, ...], asked: list[str], silent: str
) -> None:
    subject = SUBJECTS["weavr_multi"]
    with (
        curt(*answers, SILENCE) as server,
        closing(Wire(server.url, patience_seconds=0.2)) as wire,
        private_oracle(subject) as oracle,
    ):
        reset, clock = (HttpHook(name, wire, "POST", f"/test/{name}") for name in ("reset", "clock"))
        mails = ListedMails(HttpHook("mails", wire, "GET", "/test/mails"))
        target = HttpTarget(wire, oracle.driver.personas, reset, clock, mails)
        (problem,) = find_problems(oracle, target)
        target.close()
    assert problem.startswith(silent.format(url=server.url))
    assert [one.partition(b" HTTP")[0].decode() for one in server.heard] == asked


class Fails:
    """A hook that fails as it is told, run by run, and then works."""

    def __init__(self, *failures: TargetFailed) -> None:
        self.failures, self.runs = list(failures), 0

    def run(self, **_values: str) -> Said:
        self.runs += 1
        if self.failures:
            raise self.failures.pop(0)
        return Said(b"")


@pytest.mark.parametrize(
    ("failures", "begun", "runs"),
    [
        ([TargetFailed("it answers 500")], 1, 2),
        ([TargetFailed("it says nothing", hung=True)], 1, 1),
        ([TargetFailed("it says nothing", hung=True)], 2, 3),
    ],
    ids=["a failure that took no time", "a silence", "a silence that is over"],
)
def test_a_server_is_put_back_at_the_end_unless_the_newest_attempt_took_all_the_patience(
    failures: list[TargetFailed], begun: int, runs: int
) -> None:
    hook = Fails(*failures)
    with closing(Wire("http://127.0.0.1:9")) as wire:
        target = HttpTarget(wire, {}, hook)
        for _ in range(begun):
            with suppress(TargetFailed):
                target.begin()
        target.close()
    assert hook.runs == runs
