"""Every recorded answer of the real service is answered alike, or the difference is explained."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from tests.parity.__main__ import Judged, replay_all
from tests.parity.compare import shown
from tests.parity.explained import explanation, explanations
from tests.parity.recordings import RELEASES, all_cases, kinds
from tests.parity.replay import replay, server
from tests.parity.verifying import DECIDING, NUMBERS, without
from watchword.domain.rule import Grade
from watchword.systems.zitadel import SYSTEM

KINDS = [(release, kind) for release in RELEASES for kind in kinds(release)]
AT_LEAST = 0.8
"""The share of ZITADEL's rules that recorded answers verify."""


@pytest.fixture(scope="module")
def judged() -> Sequence[Judged]:
    """Replay everything once."""
    return list(replay_all())


@pytest.mark.parametrize(("release", "kind"), KINDS)
def test_what_was_recorded_is_answered_alike(judged: Sequence[Judged], release: str, kind: str) -> None:
    own = [one for one in judged if (one.replayed.case.release, one.replayed.case.kind) == (release, kind)]
    assert own
    strange = [
        f"{one.replayed.case.id}, step {number}, {shown(difference)}"
        for one in own
        for number, difference in one.unexplained
    ]
    assert not strange


def test_every_explanation_is_needed(judged: Sequence[Judged]) -> None:
    used = {
        id(explanation(one.replayed.case, difference)) for one in judged for _, difference in one.replayed.differences
    }
    assert [one.what for one in explanations() if id(one) not in used] == []


def test_a_rule_is_verified_because_a_recorded_case_is_not_alike_without_it() -> None:
    deciding: dict[str, list[str]] = json.loads(DECIDING.read_text(encoding="utf-8"))
    assert deciding.keys() == json.loads(NUMBERS.read_text(encoding="utf-8")).keys()
    by_id = {case.id: case for case in all_cases()}
    built = server()
    with asyncio.Runner() as runner:
        undecided = [
            (rule, case)
            for rule, cases in deciding.items()
            for case in cases
            if replay(built, runner, by_id[case], without(rule)).equal
        ]
    assert not undecided


def test_most_of_the_rules_are_verified() -> None:
    rules = SYSTEM.catalogue()
    verified = [rule.id for rule in rules if rule.grade is Grade.VERIFIED]
    assert len(verified) >= AT_LEAST * len(rules)
