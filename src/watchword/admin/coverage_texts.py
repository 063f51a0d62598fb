"""Coverage as text for a terminal, and as Markdown for a pull request."""

from collections.abc import Iterator

from watchword.client.reports import tell_left_out
from watchword.control.coverage_report import CoverageReport, OperationCoverage, OutcomeCount
from watchword.domain.rule import Grade
from watchword.journal.findings import Finding

_BAR = 20
_MOST_SANDBOXES = 20


def plain(report: CoverageReport) -> str:
    """Write it for a terminal."""
    return "\n".join(_plain(report)) + "\n"


def _plain(report: CoverageReport) -> Iterator[str]:
    for one in report.operations:
        if one.requests:
            yield f"{one.operation.id}  {one.share.reached} of {one.share.of}"
            yield from (f"  {each.count:>5} {_answer(each)}" for each in one.outcomes if each.count)
            if missing := _missing(one):
                yield f"      - {', '.join(missing)}"
    for finding, count in report.findings:
        yield f"{finding.kind.value}: {sentence(finding)}{f' ({count} times)' if count > 1 else ''}"
    if report.more_findings:
        yield f"and {report.more_findings} more findings"
    yield from headlines(report)


def remarks(report: CoverageReport) -> Iterator[str]:
    """Say what a reader of the figures has to know."""
    if report.uncounted:
        yield f"{report.uncounted} requests were forgotten before they were counted: start with --coverage."
    if report.evidence[Grade.ASSUMED]:
        number = report.evidence[Grade.ASSUMED]
        yield f"{number} {'sandbox rests' if number == 1 else 'sandboxes rest'} on assumed rules."
    if report.left_out:
        yield tell_left_out(report.left_out)


def headlines(report: CoverageReport) -> Iterator[str]:
    """Say the figures in sentences, the most important last."""
    yield from remarks(report)
    touched = {one.operation.system for one in report.operations if one.requests}
    if len(report.systems) > 1:
        for name, share in report.systems.items():
            if name in touched:
                yield f"{name}: {share.reached} of {share.of} documented answers reached ({share.percent:g} %)."
    yield figures(report)


def figures(report: CoverageReport) -> str:
    """Say how much was reached in one sentence."""
    outcomes, rules, called = report.outcomes, report.both_ways, report.called
    return (
        f"{outcomes.reached} of {outcomes.of} documented answers reached ({outcomes.percent:g} %),"
        f" {rules.reached} of {rules.of} rules asked both ways, {called.reached} of {called.of} operations called,"
        f" {report.requests} request{'' if report.requests == 1 else 's'}."
    )


def sentence(finding: Finding) -> str:
    """Say what was found."""
    place = " ".join(filter(None, (finding.what, finding.where, finding.pointer)))
    return ": ".join(filter(None, (place, finding.message)))


def _answer(one: OutcomeCount) -> str:
    name = {"": "(not in the document)", "-": ""}.get(one.name, one.name)
    return f"{one.status} {name}".rstrip()


def _missing(one: OperationCoverage) -> list[str]:
    return [_answer(each) for each in one.outcomes if each.wanted and not each.count]


def markdown(report: CoverageReport) -> str:
    """Write it for a pull request."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: CoverageReport) -> Iterator[str]:
    *notes, headline = headlines(report)
    yield "### Watchword coverage"
    yield ""
    yield f"**{headline}**"
    for note in notes:
        yield ""
        yield note
    called = [one for one in report.operations if one.requests]
    if called:
        yield ""
        yield "| operation | answers | | not reached |"
        yield "|---|--:|---|---|"
        yield from map(_row, called)
    yield from _uncalled(report)
    yield from _findings(report)
    yield from _assumed(report)


def _row(one: OperationCoverage) -> str:
    share = one.share
    full = round(share.percent / 100 * _BAR)
    bar = "█" * full + "░" * (_BAR - full)
    return f"| `{one.operation.id}` | {share.reached}/{share.of} | {bar} | {', '.join(_missing(one)) or '–'} |"


def _uncalled(report: CoverageReport) -> Iterator[str]:
    uncalled = [one.operation.id for one in report.operations if not one.requests]
    if uncalled:
        yield ""
        yield f"<details><summary>{len(uncalled)} operations not called</summary>"
        yield ""
        yield from (f"- `{one}`" for one in uncalled)
        yield ""
        yield "</details>"


def _findings(report: CoverageReport) -> Iterator[str]:
    if report.findings:
        yield ""
        yield "| finding | times | |"
        yield "|---|--:|---|"
        yield from (f"| {one.kind.value} | {count} | {_cell(sentence(one))} |" for one, count in report.findings)
        if report.more_findings:
            yield f"| … | {report.more_findings} | others |"


def _assumed(report: CoverageReport) -> Iterator[str]:
    resting = [one for one in report.sandboxes if one.weakest is Grade.ASSUMED]
    if resting:
        yield ""
        yield f"<details><summary>{len(resting)} rest on assumed rules</summary>"
        yield ""
        for one in resting[:_MOST_SANDBOXES]:
            yield f"- `{one.name}`: {', '.join(f'`{rule}`' for rule in one.rests_on[Grade.ASSUMED])}"
        if len(resting) > _MOST_SANDBOXES:
            yield f"- and {len(resting) - _MOST_SANDBOXES} more"
        yield ""
        yield "</details>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
