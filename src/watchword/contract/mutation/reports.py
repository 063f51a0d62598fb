"""What a team's tests notice, in the forms that people and programs read."""

from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as Xml

from watchword import __version__
from watchword.contract.mutation.trials import Assessment, Trial, Verdict
from watchword.contract.report_parts import escape, printable, write_json, write_page, write_xml


def as_json(found: Assessment) -> str:
    """Everything, for programs."""
    return write_json(
        {
            "tool": f"watchword {__version__}",
            "summary": found.line,
            "noticed": found.noticed,
            "of": len(found.tried),
            "unreached": found.unreached,
            "percent": found.percent,
            "untried": found.untried,
            "endedEarly": found.ended or None,
            "unasked": found.unasked,
            "randomSeed": found.random_seed,
            "seconds": {
                "rightServer": round(found.effort.alone.total_seconds(), 3),
                "all": round(found.effort.total.total_seconds(), 3),
                "runs": found.effort.runs,
            },
            "mutants": [_mutant(found, one) for one in found.trials],
        }
    )


def _mutant(found: Assessment, one: Trial) -> Mapping[str, object]:
    mutant = one.listed.mutant
    return {
        "id": mutant.id,
        "kind": mutant.kind.value,
        "subject": mutant.subject,
        "holds": found.sentences[mutant.subject],
        "sentence": mutant.sentence,
        "operations": list(one.listed.operations),
        "verdict": one.verdict.value,
        "seconds": round(one.seconds, 3),
    }


def as_junit(found: Assessment) -> str:
    """A test case for each mutant."""
    suite = Xml.Element("testsuite", name="watchword mutate", tests=str(len(found.trials)))
    suite.set("failures", str(len(found.tried) - found.noticed))
    suite.set("skipped", str(found.unreached))
    suite.set("time", f"{found.effort.total.total_seconds():.3f}")
    for one in found.trials:
        mutant = one.listed.mutant
        case = Xml.SubElement(suite, "testcase", classname=mutant.subject, name=mutant.id, time=f"{one.seconds:.3f}")
        if one.verdict is Verdict.UNREACHED:
            Xml.SubElement(case, "skipped", message="the rule never refused")
        elif not one.noticed:
            message = printable(f"nobody would notice: {mutant.sentence}")
            failure = Xml.SubElement(case, "failure", type=mutant.kind.value, message=message)
            failure.text = printable(f"{found.sentences[mutant.subject]}\n{mutant.sentence}")
    return write_xml(suite)


def as_markdown(found: Assessment) -> str:
    """A summary for a pull request."""
    lines = ["## watchword mutate", "", found.line, found.effort.line, ""]
    if found.unnoticed:
        lines += ["Nobody would notice these mistakes:", ""]
    for subject, some in found.unnoticed.items():
        lines += [f"- {found.sentences[subject]} (`{subject}`)"]
        lines += [f"  - {one.listed.mutant.sentence} (`{one.listed.mutant.id}`)" for one in some]
    return "\n".join(lines).rstrip() + "\n"


def as_html(found: Assessment) -> str:
    """One page, without anything to load."""
    told = "".join(
        f'<article class="broken"><h2>{escape(found.sentences[subject])}</h2><p><code>{escape(subject)}</code></p><ul>'
        + "".join(
            f"<li>{escape(one.listed.mutant.sentence)} <code>{escape(one.listed.mutant.id)}</code></li>" for one in some
        )
        + "</ul></article>"
        for subject, some in found.unnoticed.items()
    )
    noticed = "".join(
        f"<li><code>{escape(one.listed.mutant.id)}</code> {escape(one.listed.mutant.sentence)}</li>"
        for one in found.trials
        if one.noticed
    )
    return write_page(
        "watchword mutate",
        f"<h1>What would the tests notice?</h1><p>{escape(found.line)} {escape(found.effort.line)}</p>"
        f"<h2>Nobody would notice</h2>{told or '<p>Nothing.</p>'}<h2>Noticed</h2><ul>{noticed}</ul>",
    )


REPORTS: Mapping[str, Callable[[Assessment], str]] = {
    "json": as_json,
    "junit": as_junit,
    "md": as_markdown,
    "html": as_html,
}
"""By the name of the form."""


def tell(found: Assessment) -> Iterator[str]:
    """Tell what nobody would notice, rule by rule, in lines of text; the last ones have the times and the figures."""
    for subject, some in found.unnoticed.items():
        yield f"NOT NOTICED  {found.sentences[subject]}"
        yield f"    {subject}"
        for one in some:
            yield f"      {one.listed.mutant.sentence}  /{one.listed.mutant.id.partition('/')[2]}"
        yield ""
    yield found.effort.line
    yield found.line
