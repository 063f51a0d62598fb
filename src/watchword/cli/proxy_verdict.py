"""What ``watchword proxy`` says at its end, and the exit code that follows from it."""

from collections.abc import Iterator

from watchword.admin.coverage_shapes import findings
from watchword.cli.gate import tell_findings, tell_forbidden
from watchword.cli.output import write
from watchword.proxy.record import Record
from watchword.proxy.shadow.player import Compared

_FORBIDDEN = 1


def tell_verdict(record: Record, upstream: str, fail_on: frozenset[str], compared: Compared | None) -> int:
    """Write what was found; gives the exit code."""
    told = findings(record.tally)
    found, more = told["findings"], told["moreFindings"]
    for line in tell_findings(found, fail_on, most=len(found)):
        write(line)
    if more:
        write(f"and {_count(more, 'finding')} of other places, after so many that they are only counted")
    number = record.kinds.total()
    write(f"{_count(record.requests, 'request').capitalize()} forwarded to {upstream}; {_count(number, 'finding')}.")
    if record.refused:
        write(f"{_count(record.refused, 'request')} not forwarded: over --max-body or --body-timeout.")
    for line in () if compared is None or not record.requests else _tell_compared(compared):
        write(line)
    closing = {kind: times for kind, times in record.kinds.items() if kind in fail_on}
    if closing:
        write(tell_forbidden(closing))
    return _FORBIDDEN if closing else 0


def _tell_compared(compared: Compared) -> Iterator[str]:
    """Tell how many requests the stand-in was asked, and why others say nothing."""
    others = compared.not_compared
    end = ":" if others else "."
    asked = _count(compared.number, "request").capitalize()
    yield f"{asked} compared with a stand-in, {others.total() or 'none'} not{end}"
    for reason, number in others.most_common():
        yield f"  {number}: {reason}"


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
