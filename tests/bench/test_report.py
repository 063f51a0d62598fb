"""What a run leaves behind, from figures written down here: nothing in these tests depends on time."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.bench import starting, throughput
from tests.bench.measure import Measure, Measures
from tests.bench.plot import plot
from tests.bench.report import Results, figure, number, report, short
from tests.bench.scenarios import USERS, raw, scenarios
from tests.bench.targets import WATCHWORD
from tests.bench.written import with_section
from watchword.build import Built

PEER = "Prism"


def rate(target: str, *values: float, note: str = "204") -> Measure:
    """Requests per second of one target."""
    return Measure(throughput.RATE, "validate", target, "req/s", values, note)


def results(*measures: Measure) -> Results:
    """A run that measured this."""
    return Results(
        date="2026-01-15",
        quick=False,
        rounds=3,
        machine={"cores": "2", "processor": "some"},
        versions={"Node": "20"},
        measures=Measures(measures),
    )


@pytest.mark.parametrize(("value", "shown"), [(5432.1, "5,432"), (54.32, "54.3"), (5.432, "5.43"), (0.05, "0.05")])
def test_numbers_have_about_three_digits(value: float, shown: str) -> None:
    """More would claim what no benchmark knows."""
    assert number(value) == shown


def test_a_figure_is_the_median_with_the_range_of_the_rounds() -> None:
    """One slow round moves the range, not the figure."""
    assert figure(rate(WATCHWORD, 400, 100, 300)) == "300 (100–400)"


def test_a_ratio_is_made_within_each_round() -> None:
    """What was slow together stays comparable: the quotients agree although the rounds do not."""
    ratio = rate(WATCHWORD, 200, 400, 100).per(rate(PEER, 100, 200, 50), what="validate")
    assert ratio.values == (2, 2, 2)


def test_a_peer_that_did_not_start_is_named_with_the_reason() -> None:
    """It is no zero, and it is not left out."""
    failed = Measure(throughput.RATE, "everything", PEER, "", (), "there is no node here")
    assert f"{PEER}, everything: not measured: there is no node here" in report(results(rate(WATCHWORD, 1), failed))


def test_a_server_that_was_kept_from_its_core_is_warned_of() -> None:
    """Figures of a busy machine say so themselves."""
    share = Measure(throughput.SHARE, "validate", WATCHWORD, "", (0.98, 0.6))
    quiet = Measure(throughput.SHARE, "validate", WATCHWORD, "", (0.98, 0.97))
    assert "Do not trust" in report(results(rate(WATCHWORD, 1, 2), share))
    assert "Do not trust" not in report(results(rate(WATCHWORD, 1, 2), quiet))


def test_measures_survive_being_written_and_read() -> None:
    """``--render`` shows what was measured."""
    measures = Measures([rate(WATCHWORD, 1, 2, 3), rate(PEER, note="why")])
    assert Measures.from_json(measures.as_json()).as_json() == measures.as_json()


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    """And a page without marks stays as it is."""
    page = "before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n"
    changed = with_section(page, r"new \1")
    assert changed.startswith("before\n<!-- bench -->\nnew \\1\n")
    assert changed.endswith("<!-- /bench -->\nafter\n")
    assert "old" not in changed
    assert with_section("no marks\n", "new") == "no marks\n"


def test_the_short_table_has_a_column_for_everybody_who_was_started() -> None:
    """Also for a peer whose requests failed."""
    starts = [Measure(starting.START, starting.FIRST, name, "s", (1,)) for name in (WATCHWORD, PEER)]
    table = short(results(rate(WATCHWORD, 100), *starts)).splitlines()
    assert table[0] == f"|  | {WATCHWORD} | {PEER} |"
    assert table[2] == "| validate, req/s | 100 | – |"


def test_the_picture_is_well_formed() -> None:
    """A browser can show it."""
    picture = ElementTree.fromstring(plot(results(rate(WATCHWORD, 1, 2), rate(PEER, 3))))  # noqa: S314  # our own
    assert picture.tag.endswith("svg")


def test_no_update_repeats_one_of_the_last_five_passwords(built: Built) -> None:
    """Otherwise the benchmark would measure refusals; each one also begins where the last one ended."""
    script = scenarios(built.imitated.sandboxes.people())["update"].script
    mine = [one for one in (*script.first, *script.again, *script.again) if b"bench-0\r\n" in one]
    pairs = [(body.split(b'"')[5], body.split(b'"')[11]) for body in (one.partition(b"\r\n\r\n")[2] for one in mine)]
    assert len(script.first) == USERS
    assert all(before[1] == after[0] for before, after in pairwise(pairs))
    new = [pair[1] for pair in pairs]
    assert all(new[turn] not in new[max(turn - 5, 0) : turn] for turn in range(len(new)))


def test_a_request_is_written_as_it_goes_over_the_wire() -> None:
    """Its length is that of its body, and without a body it announces none."""
    assert raw("POST", "/a", {"api-key": "k"}, {"b": 1}).endswith(b"Content-Length: 7\r\n\r\n" + b'{"b":1}')
    assert raw("GET", "/a", {}, None) == b"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
