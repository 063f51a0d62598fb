"""What was found, in the forms that people and programs read."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

import orjson

from watchword import __version__
from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.verdict import Verdict

_LEVELS = {"broken": "error", "differs": "warning", "note": "note", "accepted": "note"}
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{background:#8881;padding:.7rem;overflow:auto}article{border-left:4px solid #888;padding:0 1rem;margin:1.5rem 0}
article.broken{border-color:#c33}article.differs{border-color:#c90}:root{color-scheme:light dark}"""


def as_json(examination: Examination, verdict: Verdict) -> str:
    """Everything, for programs; a later run takes it as its baseline."""
    content = {
        "tool": f"watchword {__version__}",
        "system": examination.oracle.system.name,
        "url": examination.url,
        "summary": verdict.line,
        "endedEarly": verdict.ended or None,
        "kept": sorted(verdict.kept),
        "broken": sorted(verdict.broken),
        "differing": sorted(verdict.differing),
        "notTestable": dict(sorted(verdict.untestable.items())),
        "answers": {"reached": verdict.answers[0], "of": verdict.answers[1]},
        "requests": examination.requests,
        "walks": examination.walks,
        "findings": [_finding(examination, one) for one in examination.findings],
        "scenarios": [
            {
                "name": one.scenario.name,
                "topic": one.scenario.topic,
                "rules": [*one.scenario.proves, *one.scenario.shows],
                "skipped": one.skipped,
                "findings": [found.fingerprint for found in one.findings],
            }
            for one in examination.played
        ],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"


def _finding(examination: Examination, one: Finding) -> Mapping[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "verdict": examination.verdict_of(one),
        "phase": one.phase,
        "rule": one.rule,
        "grade": one.grade.value,
        "sentence": one.sentence,
        "source": one.source,
        "operation": one.operation,
        "scenario": one.title,
        "place": one.place,
        "was": one.was,
        "should": one.should,
        "steps": list(one.steps),
        "replay": list(one.replay),
        "accepted": one.accepted,
    }


def as_junit(examination: Examination, verdict: Verdict) -> str:
    """A test case for each scenario, and one for the walks."""
    suite = Xml.Element("testsuite", name=f"watchword test {examination.oracle.system.name}")
    failures = 0
    for one in examination.played:
        case = Xml.SubElement(suite, "testcase", classname=one.scenario.topic, name=one.scenario.sentence)
        if one.skipped:
            Xml.SubElement(case, "skipped", message=one.skipped)
        failures += _add_failures(case, examination, one.findings)
    walks = [one for one in examination.findings if one.phase == "walks"]
    case = Xml.SubElement(suite, "testcase", classname="walks", name=f"{examination.walks} random walks")
    if examination.unwalkable:
        Xml.SubElement(case, "skipped", message=examination.unwalkable)
    failures += _add_failures(case, examination, walks)
    if verdict.ended:
        case = Xml.SubElement(suite, "testcase", classname="run", name="The run comes to its end")
        Xml.SubElement(case, "error", message=_printable(verdict.ended))
    suite.set("tests", str(len(examination.played) + 1 + bool(verdict.ended)))
    suite.set("failures", str(failures))
    suite.set("errors", str(int(bool(verdict.ended))))
    suite.set("skipped", str(verdict.skipped + bool(examination.unwalkable)))
    Xml.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(suite, encoding="unicode") + "\n"


def _add_failures(case: Xml.Element, examination: Examination, findings: Sequence[Finding]) -> int:
    known = {one.fingerprint: one for one in examination.findings}
    failing = [one for one in findings if examination.fails(known.get(one.fingerprint, one))]
    if not failing:
        return 0
    first = failing[0]
    told = f"was {first.was}, should be {first.should}"
    failure = Xml.SubElement(case, "failure", type=first.rule, message=_printable(told))
    failure.text = _printable("\n\n".join("\n".join(tell(examination, one)) for one in failing))
    return 1


def _printable(text: str) -> str:
    """XML has no control characters."""
    return "".join(one if one in "\n\t" or one.isprintable() else "?" for one in text)


def as_markdown(examination: Examination, verdict: Verdict) -> str:
    """A summary for a pull request."""
    lines = [f"## watchword test: {examination.oracle.system.title}", "", verdict.line + ".", ""]
    for one in examination.findings:
        fence = _fence("\n".join(one.replay))
        lines += [
            f"### {examination.verdict_of(one)}: {one.sentence}",
            "",
            f"`{one.rule}`, {one.grade.value}: {one.source}",
            "",
            f"| {_cell(one.place)} | |",
            "|---|---|",
            f"| was | {_cell(one.was)} |",
            f"| should be | {_cell(one.should)} |",
            "",
            "<details><summary>Replay</summary>",
            "",
            f"{fence}sh",
            *one.replay,
            fence,
            "",
            f"</details>\n\nFingerprint `{one.fingerprint}`.",
            "",
        ]
    if verdict.untestable:
        lines += ["| not testable | because |", "|---|---|"]
        lines += [f"| `{rule}` | {_cell(reason)} |" for rule, reason in sorted(verdict.untestable.items())]
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    """Escape a text for a cell of a table: what a server answers must not end the cell, or be markup."""
    line = " ".join(_printable(text).split())
    return re.sub(r"([\\`*_|\[\]])", r"\\\1", html.escape(line, quote=False))


def _fence(text: str) -> str:
    """Make a fence that is longer than any in the text."""
    return "`" * max(3, *(len(one) + 1 for one in re.findall("`+", text)), 0)


def as_html(examination: Examination, verdict: Verdict) -> str:
    """One page, without anything to load."""
    told = "".join(
        f'<article class="{examination.verdict_of(one)}"><h2>{_h(one.sentence)}</h2>'
        f"<p>{_h(examination.verdict_of(one))} · <code>{_h(one.rule)}</code> · {_h(one.grade.value)}: {_h(one.source)}"
        f"</p><p>{_h(one.place)} was <b>{_h(one.was)}</b>, should be <b>{_h(one.should)}</b>.</p>"
        f"<ol>{''.join(f'<li>{_h(step)}</li>' for step in one.steps)}</ol>"
        f"<details><summary>Replay</summary><pre>{_h(chr(10).join(one.replay))}</pre></details>"
        f"<p>Fingerprint <code>{one.fingerprint}</code></p></article>"
        for one in examination.findings
    )
    rules = "".join(f"<li><code>{_h(one)}</code></li>" for one in sorted(verdict.kept))
    missing = "".join(f"<li><code>{_h(one)}</code>: {_h(why)}</li>" for one, why in sorted(verdict.untestable.items()))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>watchword test</title><style>{_STYLE}</style>'
        f"<h1>{_h(examination.oracle.system.title)}</h1><p>{_h(examination.url)}: {_h(verdict.line)}.</p>{told}"
        f"<h2>Kept</h2><ul>{rules}</ul><h2>Not testable here</h2><ul>{missing}</ul></html>\n"
    )


def _h(text: str) -> str:
    return html.escape(text)


def as_sarif(examination: Examination, verdict: Verdict) -> str:
    """SARIF 2.1.0, for code scanning."""
    rules = {
        one.rule: {"id": one.rule, "shortDescription": {"text": one.sentence}, "help": {"text": one.source}}
        for one in examination.findings
    }
    results = [
        {
            "ruleId": one.rule,
            "level": _LEVELS[examination.verdict_of(one)],
            "message": {"text": f"{one.title} {one.operation}: {one.place} was {one.was}, should be {one.should}."},
            "partialFingerprints": {"watchword/v1": one.fingerprint},
            "locations": [{"logicalLocations": [{"fullyQualifiedName": one.operation, "kind": "function"}]}],
        }
        for one in examination.findings
    ]
    driver = {"name": "watchword", "version": __version__, "rules": list(rules.values())}
    invocation: dict[str, Any] = {"executionSuccessful": not verdict.ended}
    if verdict.ended:
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": {"text": verdict.ended}}]
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results, "invocations": [invocation]}],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"


REPORTS: Mapping[str, Callable[[Examination, Verdict], str]] = {
    "json": as_json,
    "junit": as_junit,
    "md": as_markdown,
    "html": as_html,
    "sarif": as_sarif,
}
"""By the name of the form."""


def tell(examination: Examination, one: Finding) -> list[str]:
    """Tell a finding in lines of text."""
    lines = [
        f"{examination.verdict_of(one).upper()}  {one.sentence}",
        f"    {one.rule} ({one.grade.value}: {one.source})",
        f"    {one.title}",
        f"    {one.place}: was {one.was}, should be {one.should}",
    ]
    if one.accepted:
        lines.append(f"    accepted: {one.accepted}")
    lines += [f"      {line}" for line in one.replay]
    return [*lines, f"    fingerprint {one.fingerprint}"]
