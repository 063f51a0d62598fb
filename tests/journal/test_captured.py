"""What is noted of a request in passing, and stays once its means are gone."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.toy import built
from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured, note_exchange
from watchword.store import record
from watchword.system import Answer, Call


@record("toy_notes", key="id")
@dataclass(frozen=True)
class Note:
    id: str


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    api = built(tmp_path, "  {}").served_api
    made = Exchange(api, api.sandboxes.enter("default"), "POST", "/x", {})
    made.begin(None, api.systems["toy"])
    return made


def captured(exchange: Exchange) -> Captured:
    return Captured(*note_exchange(exchange, Answer(), 0), number=1)


def test_a_refused_request_drew_from_where_chance_stood(exchange: Exchange) -> None:
    def draw(call: Call) -> None:
        call.chance.token()
        raise Refusal

    before = exchange.sandbox.chances.of("toy").source.position
    with pytest.raises(Refusal):
        exchange.work.run_in_transaction(draw, exchange.new_call)
    noted = captured(exchange)
    assert (noted.drew_from, noted.changes) == (before, ())
    assert exchange.sandbox.chances.of("toy").source.position > before


def test_a_request_that_was_begun_again_counts_its_attempts(exchange: Exchange) -> None:
    def step(call: Call) -> None:
        call.tx.get(Note, "one")
        if exchange.work.attempts == 1:
            other = exchange.sandbox.store.transaction()
            other.put(Note("one"))
            other.commit()

    exchange.work.run_in_transaction(step, exchange.new_call)
    noted = captured(exchange)
    assert (noted.attempts, noted.acted) == (2, True)


def test_a_request_that_never_met_an_operation_did_nothing(exchange: Exchange) -> None:
    del exchange.work
    noted = captured(exchange)
    assert (noted.acted, noted.attempts, noted.called_at, noted.drew_from) == (False, 1, None, None)
