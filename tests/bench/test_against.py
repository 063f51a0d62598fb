"""Two commits side by side, from figures written down here: nothing in these tests depends on time."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.against import turned
from tests.bench.commits import NoCommit, difference, unpacked
from tests.bench.load import lua_string
from tests.bench.measure import Measure, Measures
from tests.bench.targets import watchword
from tests.bench.verdicts import GROUP, SHARE, THAT, THIS, Comparison, compared, verdict
from tests.bench.written import comparison_texts


def ratio(*values: float) -> Measure:
    """This by that, of some rounds."""
    return Measure(GROUP, "validate", THIS, "×", values)


def comparison(*measures: Measure, dependencies: str = "") -> Comparison:
    """A comparison that measured this."""
    return Comparison(
        date="2026-01-15",
        quick=False,
        rounds=3,
        this="1234567",
        that="89abcde",
        dependencies=dependencies,
        machine={"cores": "2"},
        measures=Measures(measures),
    )


def both(what: str, unit: str, this: tuple[float, ...], that: tuple[float, ...]) -> list[Measure]:
    """One thing, measured of both."""
    return [Measure(GROUP, what, THIS, unit, this), Measure(GROUP, what, THAT, unit, that)]


@pytest.mark.parametrize(
    ("value", "unit", "judged"),
    [
        (1.0, "req/s", "within 5 %"),
        (0.95, "req/s", "within 5 %"),
        (1.054, "µs", "within 5 %"),
        (0.8, "req/s", "slower by 20 %"),
        (1.25, "req/s", "faster by 25 %"),
        (1.25, "µs", "slower by 25 %"),
        (0.8, "s", "faster by 20 %"),
        (1.1, "MiB", "more by 10 %"),
        (0.9, "MiB", "less by 10 %"),
    ],
)
def test_a_verdict_says_which_way_by_what_is_measured(value: float, unit: str, judged: str) -> None:
    """More requests a second are faster, more seconds are slower, and memory is neither."""
    assert verdict(ratio(value), unit) == judged


def test_a_verdict_is_on_the_median() -> None:
    """One round that something disturbed does not decide."""
    assert verdict(ratio(1.0, 1.01, 3.0), "req/s") == "within 5 %"


def test_a_row_has_the_ratio_of_neighbours() -> None:
    """The machine was slow in the second round, for both: this is no difference between them."""
    measures = both("validate, req/s", "req/s", (1000, 500, 1000), (800, 400, 800))
    row = "| validate, req/s | 1,000 | 800 | 1.25 (1.25–1.25) | faster by 25 % |"
    assert row in compared(comparison(*measures)).splitlines()


def test_what_was_not_measured_says_why() -> None:
    """A commit that cannot do something yet is compared in everything else."""
    failed = Measure(GROUP, "ZITADEL reset over gRPC", THIS, "", (), "that: 404 instead of 200")
    text = compared(comparison(failed, *both("start, s", "s", (1,), (1,))))
    assert "| ZITADEL reset over gRPC | – | – | – | not measured: that: 404 instead of 200 |" in text
    assert "| start, s | 1.00 | 1.00 | 1.00 | within 5 % |" in text


def test_rounds_that_failed_are_counted() -> None:
    """What the others found is not thrown away, but nobody takes them for all."""
    this, that = both("update, req/s", "req/s", (100, 100), (100, 100))
    text = compared(comparison(replace(this, note="1 of 3 rounds failed: that: no request was answered"), that))
    assert "| within 5 % (1 of 3 rounds failed: that: no request was answered) |" in text


def test_a_busy_machine_is_warned_of_but_not_for_one_load() -> None:
    """The median stands a single load that was kept from its core."""
    once, often = (Measure(SHARE, "validate", THIS, "", shares) for shares in ((1.0, 0.5, 1.0), (0.5, 0.6, 1.0)))
    assert "Do not trust" not in compared(comparison(once))
    assert "Do not trust" in compared(comparison(often))


def test_both_names_and_unlike_dependencies_are_written() -> None:
    """Whoever reads it later knows what was compared with what."""
    text = compared(comparison(dependencies=difference({"a==2", "b"}, {"a==1", "b"})))
    assert "# 1234567 against 89abcde" in text
    assert "only this commit declares a==2; only that commit declares a==1" in text


def test_equal_dependencies_are_nothing_to_speak_of() -> None:
    """Their order is not looked at either."""
    assert difference({"a", "b"}, {"b", "a"}) == ""


def test_a_comparison_has_files_of_its_own() -> None:
    """A name with slashes makes no folders, and nothing that is kept is written."""
    texts = comparison_texts(comparison(*both("start, s", "s", (1,), (2,))), "origin/main~2")
    assert [path.name for path in texts] == ["against-origin-main-2.json", "against-origin-main-2.md"]
    assert {path.parent.name for path in texts} == {"bench"}
    assert {path.parents[1].name for path in texts} == {"reports"}
    assert json.loads(next(iter(texts.values())))["measures"][1]["values"] == [2]


def test_each_comes_first_every_other_time() -> None:
    """A B, B A."""
    pair = [watchword(name=THIS), watchword(name=THAT)]
    assert [[one.name for one in turned(pair, number)] for number in range(2)] == [[THIS, THAT], [THAT, THIS]]


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
@pytest.mark.parametrize("revision", ["no-such-commit", "--help", ""])
def test_a_commit_that_does_not_exist_is_said_to(revision: str, tmp_path: Path) -> None:
    """In one sentence, before anything is started."""
    with pytest.raises(NoCommit, match="is no commit of this repository"):
        unpacked(revision, tmp_path)
    assert not list(tmp_path.iterdir())


def test_bytes_are_written_as_lua_reads_them() -> None:
    """Three digits each, so that a digit that follows is not taken for one of them."""
    assert lua_string(b'a"\\\0\r1\xff') == r'"a\034\092\000\0131\255"'
