"""
What decides each documented outcome, as the journal explains it.

``decided.json`` lists it by operation and outcome, for reviewers and for ``OUTCOMES.md``; every test that reaches an
outcome compares. ``pytest --write-decided`` writes what the tests that ran have seen.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pytest

from watchword.build import Built
from watchword.control.replay import AS_IT_WAS
from watchword.domain.refusal import Refusal
from watchword.domain.rule import RuleRecord, RuleSwitches
from watchword.edge.concerned import People
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured, note_exchange
from watchword.journal.decision import decide, refused_by
from watchword.journal.entry import Decision, Entry
from watchword.journal.explanation import Explanation, explain
from watchword.journal.outcomes import name_outcome
from watchword.journal.reading import Reader
from watchword.review.decided import FILE, decided
from watchword.system import Answer

Finished = tuple[Exchange, Answer, Sequence[str]]
"""An exchange, its answer, and in what the answer differs from the document."""
NOTHING = "nothing refused it"
_SENTENCE = re.compile(r"[A-Z0-9`].*\.", re.DOTALL)
_SHORTEST_SECRET = 6
_seen: dict[str, dict[str, set[str]]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--write-decided", action="store_true", help="write decided.json anew")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was seen, if that is wanted."""
    if session.config.getoption("--write-decided") and _seen:
        merged = {
            operation: {name: sorted(deciders) for name, deciders in sorted(names.items())}
            for operation, names in sorted(_seen.items())
        }
        FILE.write_text(json.dumps({**decided(), **merged}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        decided.cache_clear()


def captured_of(finished: Finished) -> Captured:
    """Make what the journal notes of a finished exchange."""
    exchange, answer, violations = finished
    return Captured(*note_exchange(exchange, answer, exchange.received_at, violations), number=1)


def entry_of(built: Built, finished: Finished) -> Entry:
    """Make the journal's entry of a finished exchange, and explain it: that fails for none."""
    assert built.journal is not None
    # Who it concerns decides nothing, and finding all people takes as long as the test.
    reader = Reader(built.journal.id_of, lambda _sandbox: People(), built.imitated.nearest)
    entry = reader.read(captured_of(finished))
    check_cause(exchange=finished[0], why=explain(entry, built.imitated.systems))
    return entry


def check_cause(exchange: Exchange, why: Explanation) -> None:
    """Check that an explanation says what was so in this request, where a rule refused it, and tells nothing sent."""
    assert why.sentence
    if why.rule is None or why.entry.response.status < HTTPStatus.BAD_REQUEST:
        return
    cause = why.sentence.partition(": ")[2]
    assert cause != why.rule.sentence, f"{why.rule.id} does not say what was so in this request: give it a because"
    assert _SENTENCE.fullmatch(cause), f"{why.rule.id} does not say it in a sentence: {cause}"
    masked = _masked(exchange.json, why.entry.request.body)
    told = [text for text in masked if len(text) >= _SHORTEST_SECRET and text in cause]
    assert not told, f"{why.rule.id} tells a value that the journal masks"


def _masked(sent: Any, shown: Any) -> Iterator[str]:
    """Yield the texts in a body that readers do not see."""
    if isinstance(sent, Mapping):
        for name, value in sent.items():
            yield from _masked(value, shown.get(name) if isinstance(shown, Mapping) else None)
    elif isinstance(sent, list):
        for place, value in enumerate(sent):
            yield from _masked(value, shown[place] if isinstance(shown, list) and place < len(shown) else None)
    elif isinstance(sent, str) and sent != shown:
        yield sent


def check_decisive(built: Built, runner: asyncio.Runner, finished: Finished, rule: str) -> None:
    """
    Check that *rule* decided: sent once more, to a fork as it was but without that rule, the request is answered
    otherwise, or something else decides.

    Without a rule that looks for something, what is not there is often refused all the same: then by what holds
    without the rule.
    """
    assert built.replayer is not None
    exchange, answer, _ = finished
    place = built.replayer.fork(captured_of(finished), exchange)
    place.rules = RuleSwitches(place.rules.altered)
    place.rules.switch_off(rule)
    again = runner.run(built.replayer.send(exchange, AS_IT_WAS, place))
    if _outcome(exchange, answer) != _outcome(again.exchange, again.answer):
        return
    refusal, record = again.exchange.refusal, again.exchange.record
    other = decide(again.exchange, again.answer)
    assert other is None or other.id != rule or (refusal and record and _refused(rule, refusal, record)), (
        f"{rule} did not decide: without it comes the same, and is named the same"
    )


def _refused(rule: str, refusal: Refusal, record: RuleRecord) -> bool:
    return any(one.rule.id == rule and refused_by(one, refusal) for one in record.asked)


def _outcome(exchange: Exchange, answer: Answer) -> tuple[str, int, str]:
    operation, system = exchange.operation, exchange.system
    assert operation is not None
    assert system is not None
    return operation.id, answer.status, name_outcome(operation, system, answer)


def check_decided(operation: str, outcome: str, reached: Iterable[Entry], *, write: bool) -> None:
    """Compare what decided an outcome with the list; for requests that reached it."""
    found = {_name(one.decision) for one in reached}
    if write:
        _seen.setdefault(operation, {}).setdefault(outcome, set()).update(found)
        return
    listed = decided().get(operation, {}).get(outcome, ())
    unlisted = found.difference(listed)
    assert not unlisted, f"{operation} {outcome} was decided by {unlisted}; decided.json lists {listed}"


def _name(decision: Decision | None) -> str:
    return NOTHING if decision is None else f"{decision.kind.value} {decision.id}"
