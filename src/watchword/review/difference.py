"""What a comparison of two sides finds: sections, each with its differences, and what the reader has to know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from watchword.review.level import Level
from watchword.review.sources import Excerpt


class Part(StrEnum):
    """A kind of comparison; a report has them in this order."""

    CONSUMERS = "consumers"
    """Which clients that were seen notice something."""
    DOCUMENT = "document"
    BEHAVIOUR = "behaviour"
    """Which answers differ."""


@dataclass(frozen=True)
class Occurrence:
    """
    Where one difference shows.

    Args:
        operation: Its method and path; empty if it belongs to none.
        pointer: Where in the operation, as a JSON pointer; references are not seen.
        fingerprint: The same in every run and wherever the files have it.
        accepted: Why somebody lives with it; empty if nobody does.
    """

    operation: str
    pointer: str
    fingerprint: str
    accepted: str = ""


@dataclass(frozen=True)
class Difference:
    """
    One difference; what many operations share is one.

    Args:
        id: Its category.
        sentence: What differs.
        why: Why it matters, or does not.
        before: Where BASE has it; None if it does not.
        after: Where HEAD has it, or the action of HEAD's overlay that removes it.
        occurrences: At least one.
        details: More sentences for people, such as what makes it so.
    """

    id: str
    level: Level
    sentence: str
    why: str
    before: Excerpt | None
    after: Excerpt | None
    occurrences: tuple[Occurrence, ...]
    details: tuple[str, ...] = ()

    @property
    def excerpt(self) -> Excerpt | None:
        """The lines to look at: of HEAD, and of BASE for what is gone."""
        return self.after or self.before

    @property
    def open(self) -> tuple[Occurrence, ...]:
        """The occurrences that nobody has accepted."""
        return tuple(one for one in self.occurrences if not one.accepted)

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations in which it is open; if it is accepted everywhere, those in which it is."""
        return tuple(dict.fromkeys(one.operation for one in self.open or self.occurrences if one.operation))


@dataclass(frozen=True)
class Section:
    """
    What one kind of comparison found.

    Args:
        title: For people.
        notes: What the reader has to know besides, such as what is not judged.
        is_compared: Whether there was something to compare; otherwise the notes say why not.
        summary: What it amounts to for each of those concerned, a line each.
    """

    part: Part
    title: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    is_compared: bool = True
    summary: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Difference, ...]:
        """The differences that are not accepted everywhere, those that matter most first."""
        found = [one for one in self.differences if one.open]
        return tuple(sorted(found, key=lambda one: one.level.rank))

    def count(self, level: Level) -> int:
        """Count the open differences of a level."""
        return sum(one.level is level for one in self.open)

    @property
    def matters(self) -> bool:
        """Whether anything is more than harmless, and not accepted."""
        return any(one.level is not Level.HARMLESS for one in self.open)

    @property
    def verdict(self) -> str:
        """What it amounts to: ``3 breaking, 1 risky, 12 harmless``."""
        if not self.is_compared:
            return "not compared"
        counted = [f"{self.count(one)} {one}" for one in Level if self.count(one)]
        accepted = len(self.differences) - len(self.open)
        return f"{', '.join(counted) or 'nothing differs'}{f' ({accepted} accepted)' if accepted else ''}"


@dataclass(frozen=True)
class Comparison:
    """
    Everything that was found about two sides.

    Args:
        base, head: Their names.
        sections: In the order of the parts.
    """

    base: str
    head: str
    sections: tuple[Section, ...]

    @property
    def is_several(self) -> bool:
        """Whether more than one section was compared."""
        return sum(one.is_compared for one in self.sections) > 1

    @property
    def verdict(self) -> str:
        """What it amounts to, in one line; of several sections each says its name."""
        compared = [one for one in self.sections if one.is_compared]
        if len(compared) == 1:
            return compared[0].verdict
        return "; ".join(f"{one.part}: {one.verdict}" for one in compared) or "not compared"

    def fails(self, at: Level) -> bool:
        """Whether anything matters as much as *at*, or more."""
        return any(one.level.reaches(at) for section in self.sections for one in section.open)

    def section(self, part: Part) -> Section | None:
        """Find the section of a part; None if nobody wanted it."""
        return next((one for one in self.sections if one.part is part), None)

    def accept(self, reasons: Mapping[str, str]) -> "Comparison":
        """Note with each occurrence why somebody lives with it, by fingerprint."""
        return replace(self, sections=tuple(_accepted(section, reasons) for section in self.sections))


def _accepted(section: Section, reasons: Mapping[str, str]) -> Section:
    return replace(
        section,
        differences=tuple(
            replace(
                one,
                occurrences=tuple(
                    replace(each, accepted=reasons.get(each.fingerprint, "")) for each in one.occurrences
                ),
            )
            for one in section.differences
        ),
    )
