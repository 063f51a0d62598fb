"""The reports of a benchmark, made of given figures: nothing in these tests depends on time."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.bench import journal, large, starting, throughput
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
    """More digits would pretend a precision that no benchmark has."""
    assert number(value) == shown


def test_a_figure_is_the_median_with_the_range_of_the_rounds() -> None:
    """One slow round moves the range, not the figure."""
    assert figure(rate(WATCHWORD, 400, 100, 300)) == "300 (100–400)"


def test_a_ratio_is_made_within_each_round() -> None:
    """A slow round slows both, so their ratio stays the same."""
    ratio = rate(WATCHWORD, 200, 400, 100).per(rate(PEER, 100, 200, 50), what="validate")
    assert ratio.values == (2, 2, 2)


def test_a_peer_that_did_not_start_is_named_with_the_reason() -> None:
    """Its figure is not zero, and its column is not left out."""
    failed = Measure(throughput.RATE, "everything", PEER, "", (), "there is no node here")
    assert f"{PEER}, everything: not measured: there is no node here" in report(results(rate(WATCHWORD, 1), failed))


def test_a_report_warns_if_the_server_did_not_have_its_core_to_itself() -> None:
    """A report of a busy machine says that it cannot be trusted."""
    share = Measure(throughput.SHARE, "validate", WATCHWORD, "", (0.98, 0.6))
    quiet = Measure(throughput.SHARE, "validate", WATCHWORD, "", (0.98, 0.97))
    assert "Do not trust" in report(results(rate(WATCHWORD, 1, 2), share))
    assert "Do not trust" not in report(results(rate(WATCHWORD, 1, 2), quiet))


def test_measures_are_the_same_after_writing_and_reading() -> None:
    """So ``--render`` can show an earlier run."""
    measures = Measures([rate(WATCHWORD, 1, 2, 3), rate(PEER, note="why")])
    assert Measures.from_json(measures.as_json()).as_json() == measures.as_json()


def test_only_the_text_between_the_marks_is_replaced() -> None:
    """A page without marks does not change."""
    page = "before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n"
    changed = with_section(page, r"new \1")
    assert changed.startswith("before\n<!-- bench -->\nnew \\1\n")
    assert changed.endswith("<!-- /bench -->\nafter\n")
    assert "old" not in changed
    assert with_section("no marks\n", "new") == "no marks\n"


def test_the_short_table_has_a_column_for_every_started_server() -> None:
    """Even if the requests to it failed."""
    starts = [Measure(starting.START, starting.FIRST, name, "s", (1,)) for name in (WATCHWORD, PEER)]
    table = short(results(rate(WATCHWORD, 100), *starts)).splitlines()
    assert table[0] == f"|  | {WATCHWORD} | {PEER} |"
    assert table[2] == "| validate, req/s | 100 | – |"


def test_the_readme_says_what_the_journal_takes() -> None:
    """In percent of the throughput, for each kind of request."""
    taken = [Measure(journal.GROUP, f"{one}: throughput", WATCHWORD, "%", (3, 9, 4)) for one in ("validate", "update")]
    assert "The journal takes 4 % on validate and 4 % on update of the throughput." in short(results(*taken))


def test_the_picture_is_well_formed_xml() -> None:
    """So a browser can show it."""
    picture = ElementTree.fromstring(plot(results(rate(WATCHWORD, 1, 2), rate(PEER, 3))))  # noqa: S314  # our own
    assert picture.tag.endswith("svg")


def test_no_update_repeats_one_of_the_last_five_passwords(built: Built) -> None:
    """Otherwise the benchmark would measure refusals. Each update also needs the password that the last one set."""
    script = scenarios(built.imitated.sandboxes.people())["update"].script
    mine = [one for one in (*script.first, *script.again, *script.again) if b"bench-0\r\n" in one]
    pairs = [(body.split(b'"')[5], body.split(b'"')[11]) for body in (one.partition(b"\r\n\r\n")[2] for one in mine)]
    assert len(script.first) == USERS
    assert all(before[1] == after[0] for before, after in pairwise(pairs))
    new = [pair[1] for pair in pairs]
    assert all(new[turn] not in new[max(turn - 5, 0) : turn] for turn in range(len(new)))


def test_a_request_is_written_as_it_goes_over_the_wire() -> None:
    """With a body it has its length, and without a body it has no length."""
    assert raw("POST", "/a", {"api-key": "k"}, {"b": 1}).endswith(b"Content-Length: 7\r\n\r\n" + b'{"b":1}')
    assert raw("GET", "/a", {}, None) == b"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_the_readme_says_what_a_large_document_costs() -> None:
    start = Measure(large.GROUP, large.CPU, WATCHWORD, "s", (8.25,), "12.4 MiB of JSON")
    most = Measure(large.GROUP, large.PEAK, WATCHWORD, "MiB", (259.0,))
    assert "(12.4 MiB of JSON) beside the four systems a start takes 8.25 s of processor time and 259 MiB" in short(
        results(rate(WATCHWORD, 1.0), start, most)
    )
    assert "GitHub" not in short(results(rate(WATCHWORD, 1.0)))
