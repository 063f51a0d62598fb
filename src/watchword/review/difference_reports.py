"""What a comparison found, in the forms that people and programs read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from watchword import __version__
from watchword.contract.report_parts import escape, markdown, markdown_code, printable, write_json, write_page
from watchword.review.difference import Comparison, Difference, Section
from watchword.review.finding import Check, Finding, Review, Severity
from watchword.review.level import Level
from watchword.review.reports import as_github, as_sarif
from watchword.review.sources import Excerpt

_SEVERITIES = {Level.BREAKING: Severity.ERROR, Level.RISKY: Severity.WARNING, Level.HARMLESS: Severity.INFO}
_NAMED = 3
"""Operations that are named in one place; the others are counted."""


def _named(operations: Sequence[str], most: int = _NAMED) -> str:
    """Name the first operations, and count the others."""
    more = len(operations) - most
    return ", ".join(operations[:most]) + (f" and {more} more" if more > 0 else "")


def as_text(comparison: Comparison, *, everything: bool = False) -> str:
    """The verdict first, then what matters; *everything* lists what is harmless, too."""
    lines = [f"{comparison.verdict}: {comparison.base} → {comparison.head}"]
    for section in comparison.sections:
        if comparison.is_several and section.is_compared:
            lines += ["", f"{section.title}: {section.verdict}"]
        lines += section.summary
        shown = [one for one in section.open if everything or one.level is not Level.HARMLESS]
        for one in shown:
            lines += ["", *_told(one)]
        if not everything and section.count(Level.HARMLESS):
            lines += ["", _harmless(section)]
        lines += ["", *section.notes] if section.notes else []
    return printable("\n".join(lines)) + "\n"


def _told(one: Difference) -> list[str]:
    place = "" if one.excerpt is None else f"{one.excerpt.place} "
    told = (one.sentence, *one.details, one.why)
    return [f"{place}{one.level} {one.id}", *(f"    {sentence}" for sentence in told), *_operations(one)]


def _operations(one: Difference) -> list[str]:
    more = len(one.operations) - _NAMED
    told = [f"    … and {more} more operations"] if more > 0 else []
    return [*(f"    {name}" for name in one.operations[:_NAMED]), *told]


def _harmless(section: Section) -> str:
    """Count what is not listed."""
    counted = Counter(one.id for one in section.open if one.level is Level.HARMLESS)
    told = ", ".join(f"{number} {name}" for name, number in counted.most_common())
    return f"Harmless: {told}. --all lists them."


def as_json(comparison: Comparison) -> str:
    """Everything, for programs; a later run takes it as its baseline."""
    content = {
        "tool": f"watchword {__version__}",
        "command": "diff",
        "base": comparison.base,
        "head": comparison.head,
        "summary": comparison.verdict,
        "sections": [
            {
                "name": section.part.value,
                "summary": section.verdict,
                **{str(level): section.count(level) for level in Level},
                **({"lines": list(section.summary)} if section.summary else {}),
                "notes": list(section.notes),
            }
            for section in comparison.sections
        ],
        "findings": [
            finding for section in comparison.sections for one in section.differences for finding in _json(section, one)
        ],
    }
    return write_json(content)


def _json(section: Section, one: Difference) -> list[Mapping[str, Any]]:
    return [
        {
            "fingerprint": each.fingerprint,
            "section": section.part.value,
            "id": one.id,
            "level": one.level.value,
            "sentence": one.sentence,
            "why": one.why,
            "details": list(one.details),
            "operation": each.operation or None,
            "pointer": each.pointer,
            "base": _place(one.before),
            "head": _place(one.after),
            "accepted": each.accepted or None,
        }
        for each in one.occurrences
    ]


def _place(excerpt: Excerpt | None) -> Mapping[str, Any] | None:
    if excerpt is None:
        return None
    place = excerpt.place
    return {"file": place.file, "line": place.line, "column": place.column}


def as_markdown(comparison: Comparison) -> str:
    """A comment for a pull request."""
    lines = [f"## {comparison.verdict}", "", f"{markdown(comparison.base)} → {markdown(comparison.head)}", ""]
    for section in comparison.sections:
        lines += [f"### {section.title}", ""]
        lines += [f"{section.verdict}.", ""] if _says_verdict(comparison, section) else []
        lines += [*(f"- {markdown(line)}" for line in section.summary), ""] if section.summary else []
        listed = [one for one in section.open if one.level is not Level.HARMLESS]
        if listed:
            lines += ["| | what | where | category |", "|---|---|---|---|", *map(_row, listed), ""]
        harmless = [one for one in section.open if one.level is Level.HARMLESS]
        if harmless:
            lines += [f"<details><summary>{len(harmless)} harmless</summary>", ""]
            lines += ["| | what | where | category |", "|---|---|---|---|", *map(_row, harmless), "", "</details>", ""]
        lines += [f"{markdown(note)}\n" for note in section.notes]
    return "\n".join(lines).rstrip() + "\n"


def _says_verdict(comparison: Comparison, section: Section) -> bool:
    """Whether a section has a verdict of its own; that of the only one is in the heading."""
    return comparison.is_several or not section.is_compared


def _row(one: Difference) -> str:
    place = "" if one.excerpt is None else markdown_code(str(one.excerpt.place))
    told = "<br>".join(map(markdown, filter(None, (one.sentence, _named(one.operations), *one.details))))
    return f"| {one.level} | {told} | {place} | `{one.id}` |"


def as_html(comparison: Comparison) -> str:
    """One page, without anything to load: the lines of both sides beside each other."""
    sections = "".join(
        f"<h2>{escape(section.title)}</h2>"
        f"{f'<p>{escape(section.verdict)}.</p>' if _says_verdict(comparison, section) else ''}"
        f"{''.join(f'<p>{escape(line)}.</p>' for line in section.summary)}"
        f"{''.join(map(_article, section.open))}"
        f"{''.join(f'<p>{escape(note)}</p>' for note in section.notes)}"
        for section in comparison.sections
    )
    heading = f"<h1>{escape(comparison.verdict)}</h1><p>{escape(comparison.base)} → {escape(comparison.head)}</p>"
    return write_page("watchword diff", f"{heading}{sections}", _STYLE)


_STYLE = """article.breaking{border-color:#c33}article.risky{border-color:#c90}
mark{color:inherit;background:#fc06}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem}
.sides>*{min-width:0}.sides pre{margin:.3rem 0}"""


def _article(one: Difference) -> str:
    number = len(one.operations)
    counted = f"{number} {'operation' if number == 1 else 'operations'}" if number else "Fingerprint"
    operations = "".join(f"<li>{escape(name)}</li>" for name in one.operations)
    fingerprints = " ".join(each.fingerprint for each in one.open)
    return (
        f'<article class="{one.level}"><h3>{escape(one.sentence)}</h3>'
        f"<p>{one.level} · <code>{escape(one.id)}</code> · {escape(one.why)}</p>"
        f"{''.join(f'<p>{escape(each)}</p>' for each in one.details)}"
        f"{_sides(one)}<details><summary>{counted}</summary>{operations and f'<ul>{operations}</ul>'}"
        f"<p>Fingerprints <code>{fingerprints}</code></p></details></article>"
    )


def _sides(one: Difference) -> str:
    """Show the lines of both sides beside each other, or those of the only one that has some."""
    return f'<div class="sides">{"".join(_lines(each) for each in (one.before, one.after) if each)}</div>'


def _lines(excerpt: Excerpt) -> str:
    numbered = (
        f"<mark>{number:5} {escape(line)}</mark>" if number == excerpt.place.line else f"{number:5} {escape(line)}"
        for number, line in enumerate(excerpt.lines, excerpt.first)
    )
    return f"<div>{escape(str(excerpt.place))}<pre>{chr(10).join(numbered)}</pre></div>"


def _with_operation(one: Difference) -> str:
    return f"{one.sentence} ({_named(one.operations, 1)})" if one.operations else one.sentence


def _review(comparison: Comparison) -> Review:
    """Give what was found in the form of all reviews."""
    found = tuple(
        Finding(
            Check(one.id, _SEVERITIES[one.level], one.why),
            " ".join((_with_operation(one), *one.details)),
            None if one.excerpt is None else one.excerpt.place,
            (one.open or one.occurrences)[0].fingerprint,
            "" if one.open else one.occurrences[0].accepted,
        )
        for section in comparison.sections
        for one in section.differences
    )
    notes = tuple(note for section in comparison.sections for note in section.notes)
    return Review("diff", f"{comparison.base} → {comparison.head}", found, notes)


REPORTS: Mapping[str, Callable[[Comparison], str]] = {
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
    "sarif": lambda comparison: as_sarif(_review(comparison)),
}
"""By the name of the form: what is written to files."""


def as_annotations(comparison: Comparison, *, everything: bool = False) -> str:
    """Commands of a GitHub workflow that annotate the files of a pull request; *everything* has what is harmless."""
    review = _review(comparison)
    if not everything:
        found = tuple(one for one in review.findings if one.severity is not Severity.INFO)
        hidden = (_harmless(section) for section in comparison.sections if section.count(Level.HARMLESS))
        review = replace(review, findings=found, notes=(*hidden, *review.notes))
    return as_github(review)
