"""What a review found, in the forms that people and programs read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from watchword import __version__
from watchword.contract.report_parts import markdown, markdown_code, printable, write_json
from watchword.contract.sarif import write_log
from watchword.review.finding import Finding, Place, Review, Severity

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_text(review: Review) -> str:
    """A line for each finding, as compilers write them, and one for the whole."""
    lines = [f"{_where(one)}{one.severity} {one.id}: {printable(one.sentence)}" for one in review.open]
    return "\n".join([*lines, *review.notes, f"{review.verdict}."]) + "\n"


def _where(one: Finding) -> str:
    return "" if one.place is None else f"{one.place} "


def as_github(review: Review) -> str:
    """Commands of a GitHub workflow that annotate the files of a pull request."""
    lines = [f"::{_GITHUB[one.severity]} {_parameters(one)}::{_escape(one.sentence)}" for one in review.open]
    return "\n".join([*lines, *review.notes, f"{review.verdict}."]) + "\n"


def _parameters(one: Finding) -> str:
    at = {} if one.place is None else {"file": one.place.file, "line": one.place.line, "col": one.place.column}
    given = {**at, "title": f"watchword {one.id}"}
    return ",".join(f"{name}={_escape(str(value), ':,')}" for name, value in given.items())


def _escape(text: str, more: str = "") -> str:
    """Escape what would end a command, or one of its parameters, as GitHub's runner reads them."""
    for one in f"%\r\n{more}":
        text = text.replace(one, f"%{ord(one):02X}")
    return text


def as_json(review: Review) -> str:
    """Everything, for programs; a later run takes it as its baseline."""
    content = {
        "tool": f"watchword {__version__}",
        "command": review.command,
        "subject": review.subject,
        "summary": review.verdict,
        "notes": list(review.notes),
        "findings": [_finding(one) for one in review.findings],
    }
    return write_json(content)


def _finding(one: Finding) -> Mapping[str, Any]:
    place = one.place
    return {
        "fingerprint": one.fingerprint,
        "id": one.id,
        "severity": one.severity.value,
        "sentence": one.sentence,
        "why": one.check.why,
        "place": None if place is None else {"file": place.file, "line": place.line, "column": place.column},
        "accepted": one.accepted or None,
    }


def as_markdown(review: Review) -> str:
    """A summary for a pull request."""
    lines = [f"## watchword {review.command}: {markdown(review.subject)}", "", f"{review.verdict}.", ""]
    if review.open:
        lines += ["| | check | where | what |", "|---|---|---|---|"]
    for one in review.open:
        where = "" if one.place is None else markdown_code(str(one.place))
        lines.append(f"| {one.severity} | `{one.id}` | {where} | {markdown(one.sentence)} |")
    return "\n".join([*lines, *(f"\n{markdown(one)}" for one in review.notes)]).rstrip() + "\n"


def as_sarif(review: Review) -> str:
    """SARIF 2.1.0, for code scanning; accepted findings are suppressed."""
    rules = {
        one.id: {
            "id": one.id,
            "shortDescription": {"text": one.check.why},
            "defaultConfiguration": {"level": _SARIF[one.severity]},
        }
        for one in review.findings
    }
    return write_log(rules.values(), [_result(one) for one in review.findings])


def _result(one: Finding) -> Mapping[str, Any]:
    return {
        "ruleId": one.id,
        "level": _SARIF[one.severity],
        "message": {"text": one.sentence},
        "partialFingerprints": {"watchword/v1": one.fingerprint},
        "locations": [] if one.place is None else [{"physicalLocation": _physical(one.place)}],
        **({"suppressions": [{"kind": "external", "justification": one.accepted}]} if one.accepted else {}),
    }


def _physical(place: Place) -> Mapping[str, Any]:
    path = Path(place.file)
    uri = path.as_uri() if path.is_absolute() else path.as_posix()
    return {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": place.line, "startColumn": place.column},
    }


REPORTS: Mapping[str, Callable[[Review], str]] = {"json": as_json, "md": as_markdown, "sarif": as_sarif}
"""By the name of the form: what is written to files."""
FORMATS: Mapping[str, Callable[[Review], str]] = {"text": as_text, "github": as_github}
"""By name: what is written to standard output."""
