"""
Which rules the recorded answers decide: without the rule, a case that was equal is not any more.

``make parity ARGS=--verify`` finds them, and writes the numbers for the server and one deciding case for the tests.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.parity.recordings import Case, all_cases
from tests.parity.replay import replay, server
from tests.parity.stage import Stage
from watchword.control.rules import switch_off
from watchword.domain.rule import Verdict
from watchword.edge.exchange import Exchange
from watchword.system import Answer
from watchword.systems import zitadel

NUMBERS = Path(zitadel.__file__).parent / "verified.json"
DECIDING = Path(__file__).parent / "deciding.json"
TAGS: Mapping[str, str] = {"v2.65": "v2.65.3", "v4.2": "v4.2.2", "v4.6": "v4.6.5"}
"""The exact release that was recorded for each profile."""


class AskedRules:
    """
    An observer that collects which rules each sandbox asks and which of them say more than that nothing is wrong.

    Without a rule that held, nothing would have been refused either.
    """

    def __init__(self) -> None:
        self.by_sandbox: dict[str, set[str]] = defaultdict(set)

    def __call__(self, exchange: Exchange, _answer: Answer, _violations: list[str], /) -> None:
        if exchange.record is not None:
            asked = (one.rule.id for one in exchange.record.asked if one.verdict is not Verdict.HELD)
            self.by_sandbox[exchange.sandbox.name].update(asked)


def without(rule: str) -> Callable[[Stage], None]:
    """Make a preparation of a case that switches *rule* off."""
    return lambda stage: switch_off(stage.sandbox, rule)


def find_deciding_cases(cases: Iterable[Case]) -> dict[str, dict[str, list[Case]]]:
    """List the cases that each rule decides, by rule and release."""
    asked = AskedRules()
    built = server(observers=(asked,), record_rules=True)
    found: dict[str, dict[str, list[Case]]] = {}
    with asyncio.Runner() as runner:
        for case in cases:
            asked.by_sandbox.clear()
            full = replay(built, runner, case)
            if not full.equal:
                continue
            rules = sorted(set().union(*asked.by_sandbox.values()))
            for rule in rules:
                if not replay(built, runner, case, without(rule)).equal:
                    found.setdefault(rule, {}).setdefault(case.release, []).append(case)
    return found


def write() -> dict[str, dict[str, int]]:
    """Find which rules are verified, and write it down."""
    found = find_deciding_cases(all_cases())
    numbers = {
        rule: {TAGS[release]: len(deciding) for release, deciding in sorted(releases.items())}
        for rule, releases in sorted(found.items())
    }
    first = {
        rule: [deciding[0].id for _, deciding in sorted(releases.items())] for rule, releases in sorted(found.items())
    }
    NUMBERS.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    DECIDING.write_text(json.dumps(first, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return numbers
