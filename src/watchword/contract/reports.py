"""What was found, in the forms that people and programs read."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

import orjson

from watchword import __version__
from watchword.contract.accepted import write_accepted
from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.report_parts import escape, markdown, printable, write_json, write_page, write_xml
from watchword.contract.sarif import as_sarif
from watchword.contract.verdict import Verdict
from watchword.contract.written_tests import as_tests

_TO_ACCEPT = "To live with it, add to the bindings"


def as_json(examination: Examination, verdict: Verdict) -> str:
    """Everything, for programs; a later run takes it as its baseline."""
    content = {
        "tool": f"watchword {__version__}",
        "command": "test",
        "system": examination.oracle.system.name,
        "url": examination.url,
        "summary": verdict.line,
        "endedEarly": verdict.ended or None,
        "kept": sorted(verdict.kept),
        "broken": sorted(verdict.broken),
        "differing": sorted(verdict.differing),
        "noted": sorted(verdict.noted),
        "acceptedRules": sorted(verdict.accepted),
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
                "findings": [examination.told_in(found).fingerprint for found in one.findings],
            }
            for one in examination.played
        ],
    }
    return write_json(content)


def _finding(examination: Examination, one: Finding) -> Mapping[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "fingerprints": sorted(one.fingerprints),
        "verdict": examination.verdict_of(one),
        "phase": one.phase,
        "title": one.headline,
        "rule": one.rule,
        "grade": one.grade.value,
        "sentence": one.sentence,
        "source": one.source,
        "operation": one.operation,
        "scenario": one.title,
        "scenarios": sorted(one.scenarios),
        "rules": sorted(one.rules),
        "place": one.place,
        "was": one.was,
        "should": one.should,
        "bodies": None if one.bodies is None else dict(zip(("was", "should"), one.bodies, strict=True)),
        "steps": list(one.steps),
        "replay": list(one.replay),
        "accepted": one.accepted,
        "toAccept": "\n".join(_to_accept(examination, one)),
    }


def as_junit(examination: Examination, verdict: Verdict) -> str:
    """A test case for each scenario and race, one for the document, and one for the walks."""
    suite = Xml.Element("testsuite", name=f"watchword test {examination.oracle.system.name}")
    for one in examination.played:
        case = Xml.SubElement(suite, "testcase", classname=one.scenario.topic, name=one.scenario.sentence)
        told = [examination.told_in(found) for found in one.findings]
        elsewhere = [found for found in told if found.title != one.scenario.sentence and examination.fails(found)]
        told = [found for found in told if found not in elsewhere]
        _add_result(case, examination, told, _ended_at(elsewhere[0]) if elsewhere else one.skipped)
    for phase, name, skipped in (
        ("document", "Requests that the document allows", examination.unasked),
        ("walks", f"{examination.walks} random walks", examination.unwalkable),
    ):
        case = Xml.SubElement(suite, "testcase", classname=phase, name=name)
        _add_result(case, examination, [one for one in examination.findings if one.phase == phase], skipped)
    if verdict.ended:
        case = Xml.SubElement(suite, "testcase", classname="run", name="The run comes to its end")
        Xml.SubElement(case, "error", message=printable(verdict.ended))
    suite.set("tests", str(len(suite)))
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{element}"))))
    return write_xml(suite)


def _add_result(case: Xml.Element, examination: Examination, findings: Sequence[Finding], skipped: str) -> None:
    """Say what failed; or if nothing did, why the rest was skipped, if it was."""
    failing = [one for one in findings if examination.fails(one)]
    if not failing:
        if skipped:
            Xml.SubElement(case, "skipped", message=skipped)
        return
    first = failing[0]
    failure = Xml.SubElement(case, "failure", type=first.rule, message=printable(first.contrast))
    failure.text = printable("\n\n".join("\n".join(tell(examination, one)) for one in failing))


def _ended_at(finding: Finding) -> str:
    """Say why a scenario was not played to its end: one alone tells what many have seen."""
    return printable(f"ends at a difference that is told once: {finding.place}, in “{finding.title}”")


def as_markdown(examination: Examination, verdict: Verdict) -> str:
    """A summary for a pull request."""
    lines = [f"## watchword test: {examination.oracle.system.title}", "", verdict.line + ".", ""]
    for one in examination.findings:
        fence = _fence("\n".join(one.replay))
        lines += [
            f"### {examination.verdict_of(one)}: {one.headline}",
            "",
            f"`{one.rule}`, {one.grade.value}: {one.source}",
            "",
            *(line for more in _more(one) for line in (more, "")),
            f"| {markdown(one.place)} | was | should be |",
            "|---|---|---|",
            f"| | {' | '.join(map(markdown, one.words))} |",
            *([] if one.bodies is None else [f"| body | {' | '.join(markdown(_body(body)) for body in one.bodies)} |"]),
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
        if accepting := _to_accept(examination, one):
            lines += [f"{_TO_ACCEPT}:", "", "```toml", *accepting, "```", ""]
    if verdict.untestable:
        lines += ["| not testable | because |", "|---|---|"]
        lines += [f"| `{rule}` | {markdown(reason)} |" for rule, reason in sorted(verdict.untestable.items())]
    return "\n".join(lines).rstrip() + "\n"


def _fence(text: str) -> str:
    """Make a fence that is longer than any in the text."""
    return "`" * max(3, *(len(one) + 1 for one in re.findall("`+", text)), 0)


def as_html(examination: Examination, verdict: Verdict) -> str:
    """One page, without anything to load."""
    told = "".join(
        f'<article class="{examination.verdict_of(one)}"><h2>{escape(one.headline)}</h2>'
        f"<p>{escape(examination.verdict_of(one))} · <code>{escape(one.rule)}</code>"
        f" · {escape(one.grade.value)}: {escape(one.source)}</p>"
        f"{''.join(f'<p>{escape(more)}</p>' for more in _more(one))}{_html_contrast(one)}"
        f"<ol>{''.join(f'<li>{escape(step)}</li>' for step in one.steps)}</ol>"
        f"<details><summary>Replay</summary><pre>{escape(chr(10).join(one.replay))}</pre></details>"
        f"<p>Fingerprint <code>{one.fingerprint}</code></p>{_html_to_accept(examination, one)}</article>"
        for one in examination.findings
    )
    rules = "".join(f"<li><code>{escape(one)}</code></li>" for one in sorted(verdict.kept))
    missing = "".join(
        f"<li><code>{escape(one)}</code>: {escape(why)}</li>" for one, why in sorted(verdict.untestable.items())
    )
    return write_page(
        "watchword test",
        f"<h1>{escape(examination.oracle.system.title)}</h1>"
        f"<p>{escape(examination.url)}: {escape(verdict.line)}.</p>{told}"
        f"<h2>Kept</h2><ul>{rules}</ul><h2>Not testable here</h2><ul>{missing}</ul>",
    )


def _html_contrast(one: Finding) -> str:
    """Show what was and what should be, side by side."""
    words = "".join(f"<td><b>{escape(told)}</b></td>" for told in one.words)
    bodies = "".join(f"<td><pre>{escape(_body(body, indent=True))}</pre></td>" for body in one.bodies or ())
    return (
        f"<table><tr><th>{escape(one.place)}</th><th>was</th><th>should be</th></tr><tr><td></td>{words}</tr>"
        f"{f'<tr><td>body</td>{bodies}</tr>' if bodies else ''}</table>"
    )


def _html_to_accept(examination: Examination, one: Finding) -> str:
    lines = "\n".join(_to_accept(examination, one))
    return f"<details><summary>{_TO_ACCEPT}</summary><pre>{escape(lines)}</pre></details>" if lines else ""


REPORTS: Mapping[str, Callable[[Examination, Verdict], str]] = {
    "json": as_json,
    "junit": as_junit,
    "md": as_markdown,
    "html": as_html,
    "sarif": as_sarif,
    "pytest": as_tests,
}
"""By the name of the form."""


def tell(examination: Examination, one: Finding) -> list[str]:
    """Tell a finding in lines of text."""
    lines = [
        f"{examination.verdict_of(one).upper()}  {one.headline}",
        f"    {one.rule} ({one.grade.value}: {one.source})",
        *(f"    {more}" for more in _more(one)),
        f"    {one.place}: {one.contrast}",
    ]
    if one.bodies is not None:
        was, should = map(_body, one.bodies)
        lines += [f"      its body was   {was}", f"      and should be  {should}"]
    if one.accepted:
        lines.append(f"    accepted: {one.accepted}")
    lines += [f"      {line}" for line in one.replay]
    lines.append(f"    fingerprint {one.fingerprint}")
    if accepting := _to_accept(examination, one):
        lines += [f"    {_TO_ACCEPT.lower()}:", *(f"      {line}" for line in accepting)]
    return lines


def _more(one: Finding) -> Sequence[str]:
    """Say what the headline does not: which rule it is, and who has seen it."""
    return [line for line in (one.sentence, one.seen) if line != one.headline]


def _body(body: Any, *, indent: bool = False) -> str:
    if body is None:
        return "nothing that is JSON"
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 if indent else 0).decode()


def _to_accept(examination: Examination, one: Finding) -> Sequence[str]:
    """Write what would accept a finding; nothing if somebody does, or if there are no bindings."""
    return write_accepted(one) if examination.bindings_file and not one.accepted else ()
