"""What a review found, in the forms that people and programs read."""

import json
from dataclasses import replace
from pathlib import Path

from watchword.document.shown_files import show_file
from watchword.review.baseline import accept
from watchword.review.finding import Check, Finding, Place, Review, Severity
from watchword.review.reports import FORMATS, REPORTS

CHECK = Check("secret-not-marked", Severity.WARNING, "A secret that is not marked gets into logs.")
WORSE = Check("rule-unknown", Severity.ERROR, "A rule that is not there decides nothing.")
FIRST = Finding(CHECK, "pin, 100% | secret", Place("a,b.yaml", 12, 7), "abc")
SECOND = Finding(WORSE, "no rule", None, "def")
REVIEW = Review("lint", "a,b.yaml", (FIRST, SECOND), ("Spectral is not installed.",))


def test_text_has_a_line_for_each_finding_the_gravest_first() -> None:
    assert FORMATS["text"](REVIEW).splitlines() == [
        "error rule-unknown: no rule",
        "a,b.yaml:12:7 warning secret-not-marked: pin, 100% | secret",
        "Spectral is not installed.",
        "1 error, 1 warning.",
    ]


def test_annotations_are_escaped_as_github_reads_them() -> None:
    assert FORMATS["github"](REVIEW).splitlines()[1] == (
        "::warning file=a%2Cb.yaml,line=12,col=7,title=watchword secret-not-marked::pin, 100%25 | secret"
    )


def test_a_table_in_markdown_is_not_broken_by_what_it_says() -> None:
    assert "| warning | `secret-not-marked` | `a,b.yaml:12:7` | pin, 100% \\| secret |" in REPORTS["md"](REVIEW)


def test_a_place_is_code_as_it_is_but_for_what_would_end_the_cell() -> None:
    odd = replace(FIRST, place=Place("a_b|c`d.yaml", 1, 2))
    assert r"| `` a_b\|c`d.yaml:1:2 `` |" in REPORTS["md"](replace(REVIEW, findings=(odd,)))


def test_sarif_points_at_line_and_column_and_suppresses_what_is_accepted() -> None:
    (run,) = json.loads(REPORTS["sarif"](replace(REVIEW, findings=(replace(FIRST, accepted="known"), SECOND))))["runs"]
    first, second = run["results"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 7}
    assert first["suppressions"][0]["justification"] == "known"
    assert second["locations"] == []
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == ["secret-not-marked", "rule-unknown"]


def test_a_json_report_is_the_baseline_of_a_later_run(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(REPORTS["json"](replace(REVIEW, findings=(SECOND,))), encoding="utf-8")
    later = accept(REVIEW, file)
    assert [one.id for one in later.open] == ["secret-not-marked"]
    assert later.verdict == "1 warning (1 accepted)"
    assert not later.fails(Severity.ERROR)
    assert later.fails(Severity.INFO)


def test_a_file_below_the_working_directory_is_shown_relative_to_it(tmp_path: Path) -> None:
    assert show_file(tmp_path / "a" / "b.yaml", tmp_path) == "a/b.yaml"
    assert show_file(tmp_path / "b.yaml", tmp_path / "a") == str(tmp_path / "b.yaml")
