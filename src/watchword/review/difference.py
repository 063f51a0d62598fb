"""What a comparison of two sides finds: sections, each with its differences, and what the reader has to know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from watchword.review.level import Level
from watchword.review.sources import Excerpt


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
        after: Where HEAD has it.
        occurrences: At least one.
    """

    id: str
    level: Level
    sentence: str
    why: str
    before: Excerpt | None
    after: Excerpt | None
    occurrences: tuple[Occurrence, ...]

    @property
    def excerpt(self) -> Excerpt | None:
        """The lines to look at: of HEAD, and of BASE for what is gone."""
        return self.after or self.before

    @property
    def open(self) -> tuple[Occurrence, ...]:
        """The occurrences that nobody has accepted."""
        return tuple(one for one in self.occurrences if not one.accepted)


@dataclass(frozen=True)
class Section:
    """
    One kind of comparison.

    Args:
        name: ``document``; later other kinds.
        title: For people.
        notes: What the reader has to know besides, such as what is not judged.
    """

    name: str
    title: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Difference, ...]:
        """The differences that are not accepted everywhere, those that matter most first."""
        found = [one for one in self.differences if one.open]
        return tuple(sorted(found, key=lambda one: one.level.rank))

    def count(self, level: Level) -> int:
        """Count the open differences of a level."""
        return sum(one.level is level for one in self.open)

    @property
    def verdict(self) -> str:
        """What it amounts to: ``3 breaking, 1 risky, 12 harmless``."""
        counted = [f"{self.count(one)} {one}" for one in Level if self.count(one)]
        accepted = len(self.differences) - len(self.open)
        return f"{', '.join(counted) or 'nothing differs'}{f' ({accepted} accepted)' if accepted else ''}"


@dataclass(frozen=True)
class Comparison:
    """
    Everything that was found about two sides.

    Args:
        base, head: Their names.
    """

    base: str
    head: str
    sections: tuple[Section, ...]

    @property
    def verdict(self) -> str:
        """What it amounts to, in one line; of several sections each says its name."""
        if len(self.sections) == 1:
            return self.sections[0].verdict
        return "; ".join(f"{one.name}: {one.verdict}" for one in self.sections)

    def fails(self, at: Level) -> bool:
        """Whether anything matters as much as *at*, or more."""
        return any(one.level.rank <= at.rank for section in self.sections for one in section.open)

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
