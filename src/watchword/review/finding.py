"""What a review finds: which check, how grave, what is wrong, and where."""

from dataclasses import dataclass

from watchword.review.level import Ranked


class Severity(Ranked):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Check:
    """
    Something that is looked for.

    Args:
        id: ``words-with-hyphens``, the same in every release.
        why: Why it matters, in one sentence.
    """

    id: str
    severity: Severity
    why: str


@dataclass(frozen=True, order=True)
class Place:
    """
    A place in a file that somebody wrote.

    Args:
        file: As it is shown: relative to the working directory if it is below that.
        line: The first is 1.
        column: The first is 1.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Finding:
    """
    One thing to tell.

    Args:
        sentence: What is wrong, in one sentence.
        place: Where somebody would mend it; None if it is nowhere in a file.
        fingerprint: The same in every run and wherever the place moves, as long as the same is wrong.
        accepted: Why somebody lives with it; empty if nobody does.
    """

    check: Check
    sentence: str
    place: Place | None
    fingerprint: str
    accepted: str = ""

    @property
    def id(self) -> str:
        """The id of its check."""
        return self.check.id

    @property
    def severity(self) -> Severity:
        """The severity of its check."""
        return self.check.severity


@dataclass(frozen=True)
class Review:
    """
    What a command has found.

    Args:
        command: ``lint`` or ``diff``.
        subject: What was looked at.
        findings: Those that somebody lives with, too.
        notes: What the reader has to know besides, such as what was not looked at.
    """

    command: str
    subject: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted, the gravest first, then by place."""
        return tuple(sorted((one for one in self.findings if not one.accepted), key=_order))

    def fails(self, at: Severity) -> bool:
        """Whether there is a finding that is as grave as *at*."""
        return any(one.severity.reaches(at) for one in self.open)

    @property
    def verdict(self) -> str:
        """What it amounts to, in one line."""
        counted = [(one, sum(found.severity is one for found in self.open)) for one in Severity]
        told = ", ".join(_count(number, one.value) for one, number in counted if number)
        accepted = len(self.findings) - len(self.open)
        return f"{told or 'No findings'}{f' ({accepted} accepted)' if accepted else ''}"


def _order(one: Finding) -> tuple[int, Place, str]:
    return one.severity.rank, one.place or Place("", 0, 0), one.sentence


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("s" if number > 1 and word != "info" else "")
