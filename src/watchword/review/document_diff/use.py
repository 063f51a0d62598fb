"""How a schema is used: which way its values go, and where they stand."""

from dataclasses import dataclass, replace

from watchword.document.origins import Steps
from watchword.review.document_diff.change import Change, change
from watchword.review.document_diff.parts import Part
from watchword.review.document_diff.views import Schema
from watchword.review.level import Level, Way


@dataclass(frozen=True, slots=True)
class Use:
    """
    How a schema is used.

    Args:
        subject: ``body``, ``parameter`` or ``header``.
        nested: Whether it is of something inside of that.
    """

    way: Way
    subject: str
    nested: bool = False

    @property
    def inner(self) -> "Use":
        """The use of what is inside."""
        return replace(self, nested=True)

    def change(
        self,
        suffix: str,
        what: str,
        base: Part | None,
        head: Part | None,
        *,
        where: Steps = (),
        level: Level | None = None,
    ) -> Change:
        """
        Make a change of a schema.

        Args:
            suffix: The end of its category.
            level: Instead of what the category says.
        """
        category = suffix if suffix == "not-judged" else f"{self.way}-{self._named(suffix)}"
        made = change(category, what, base, head, where=where, way=self.way)
        return made if level is None else replace(made, level=level)

    def _named(self, suffix: str) -> str:
        if "property" in suffix or suffix.startswith("additional-properties"):
            return suffix
        inside = "property" if self.subject == "body" else f"{self.subject}-property"
        return f"{inside if self.nested else self.subject}-{suffix}"


@dataclass(frozen=True, slots=True)
class Inner:
    """Schemas inside of those that are compared, which are compared next."""

    where: Steps
    base: Schema
    head: Schema
    use: Use
