"""An answer that two sides give differently, and what makes it differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from watchword.document.origins import Steps
from watchword.domain.rule import Rule
from watchword.review.level import Level

DECIDED = ("status", "code")
"""Where it shows that the sides decided otherwise."""
PRESENCE = frozenset(("there", "not there"))
"""The words for whether something is in an answer."""


class Kind(StrEnum):
    """In what two answers differ."""

    REFUSED = "success-refused"
    SUCCESS = "success-changed"
    RESHAPED = "answer-reshaped"
    LIFTED = "refusal-lifted"
    REFUSAL = "refusal-changed"
    VALUE = "answer-changed"
    MAILS = "mails-changed"

    @property
    def level(self) -> Level:
        """How much it matters."""
        return Level.BREAKING if self in _BREAKING else Level.RISKY

    @property
    def why(self) -> str:
        """Why it matters."""
        return _WHY[self]


_BREAKING = (Kind.REFUSED, Kind.SUCCESS, Kind.RESHAPED)
_WHY: Mapping[Kind, str] = {
    Kind.REFUSED: "A client that succeeds today is refused.",
    Kind.SUCCESS: "A client that knows one success gets another.",
    Kind.RESHAPED: "A client may read what is not there any more, or is of another type.",
    Kind.LIFTED: "A client that relies on the refusal does not get it any more.",
    Kind.REFUSAL: "A client that tells refusals apart gets another one.",
    Kind.VALUE: "A client may rely on what the answer said.",
    Kind.MAILS: "People get other messages, or none.",
}


@dataclass(frozen=True)
class Answered:
    """
    How a side answers.

    Args:
        status: 0 if the difference is in no answer.
        told: The status and the codes, for people: ``409 PASSWORD_ALREADY_USED``.
        outcome: The name of the documented answer, as the journal has it; empty if the document has none for it.
        decided: The id of the rule, or the place in the document, that decided; empty if the handler did, or unknown.
    """

    status: int
    told: str
    outcome: str = ""
    decided: str = ""


class Means(StrEnum):
    """What can make answers differ."""

    SETTING = "setting"
    MUTANT = "mutant"
    """A rule that is broken on purpose."""
    DOCUMENT = "document"
    ORDER = "order of checks"
    RULE = "rule"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Cause:
    """
    What makes an answer differ.

    Args:
        id: The name of the setting, the id of the mutant or of the rule, the JSON pointer; several with blanks.
        sentence: For people.
        base, head: Where it stands in the documents of the sides; None if it does not.
    """

    means: Means
    id: str
    sentence: str
    base: Steps | None = None
    head: Steps | None = None


@dataclass(frozen=True)
class ChangedAnswer:
    """
    One answer that differs, in all situations in which it does.

    Args:
        operation: Its id.
        place: Its method and path.
        where: ``status``, ``code``, ``mails``, or the place in the answer, such as ``body/errorCode``.
        said: What stands there on the sides, BASE's first, in words.
        base, head: How the sides answer.
        rules: Those that decided on either side, BASE's first.
        situations: The sentences of the scenarios that show it; empty for walks only.
        steps: The shortest sequence that shows it, in words.
    """

    kind: Kind
    operation: str
    place: str
    where: str
    said: tuple[str, str]
    base: Answered
    head: Answered
    cause: Cause
    rules: tuple[Rule, ...]
    situations: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The same in every run and every commit, as long as the answers and what makes them differ are the same."""
        marks = (self.kind, self.operation, self.where, self.base.told, self.head.told, self.cause.means, self.cause.id)
        return blake2b("\n".join(marks).encode(), digest_size=8).hexdigest()

    @property
    def difference(self) -> str:
        """Say how both sides answer: the answers, or what stands at a place in them."""
        if self.where in DECIDED:
            return f"{self.base.told} → {self.head.told}"
        return f"{self.where}: {self.said[0]} → {self.said[1]}"


@dataclass(frozen=True)
class Behaviour:
    """
    What was found about the behaviour of two sides.

    Args:
        answers: Those that differ, the gravest first.
        notes: What the reader has to know besides.
        is_compared: Whether there was something to compare; otherwise the notes say why not.
    """

    answers: tuple[ChangedAnswer, ...] = ()
    notes: tuple[str, ...] = ()
    is_compared: bool = True
