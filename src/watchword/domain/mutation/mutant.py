"""One way in which a rule can be broken."""

from dataclasses import dataclass, field
from enum import StrEnum

from watchword.domain.rule import Alternative


class Kind(StrEnum):
    """What is wrong with a mutant."""

    GONE = "gone"
    """The rule is not there."""
    REVERSED = "reversed"
    """Yes is taken for no."""
    BOUND = "bound"
    """A number is one too many, or one too few."""
    LIFETIME = "lifetime"
    """Something lasts too long, or ends too early."""
    UNSEEN = "unseen"
    """Something that is there is not seen."""
    TEXT = "text"
    """A text loses its last character."""
    RELEASE = "release"
    """The rule is that of another release, or another choice of a setting."""
    EFFECT = "effect"
    """Something that has to change stays as it was."""
    CODE = "code"
    """The right requests are refused, with the wrong code."""
    STATUS = "status"
    """The right requests are refused, with the wrong status."""
    ROLLBACK = "rollback"
    """What has to be kept is not kept."""
    MAIL = "mail"
    """A message is not sent, or twice."""
    ORDER = "order"
    """Of two faults the other one is answered."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    A rule, or what an operation leaves behind, broken in one way.

    Args:
        id: ``<subject>/<how>``.
        subject: The id of the rule that decides wrongly (of the first one, if the order of two is wrong), or of the
            operation.
        sentence: What is wrong, for people.
        alternatives: What runs in the place of which rules, by their ids; or before which operation commits.
    """

    id: str
    kind: Kind
    subject: str
    sentence: str
    alternatives: dict[str, Alternative] = field(repr=False)
