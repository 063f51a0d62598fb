"""Armed faults: what goes wrong in a sandbox on purpose, as frozen values with counters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from watchword.domain.chance import Chance
from watchword.system.settings import Duration, StrictModel

LONGEST_DELAY = timedelta(minutes=10)
MOST_FAULTS = 100
"""How many may be armed in one sandbox."""
DrawFor = Callable[..., Chance]
"""Makes the source of what is drawn for one purpose, apart from the sequences of the systems."""


def _check_length(delay: timedelta) -> timedelta:
    if timedelta(0) <= delay <= LONGEST_DELAY:
        return delay
    raise ValueError("must be a duration of up to 10 minutes, for example 800ms, 3s or PT3S")


ShortDuration = Annotated[Duration, AfterValidator(_check_length)]


class Cut(StrEnum):
    """How a connection breaks, by WireMock's names."""

    EMPTY_RESPONSE = "EMPTY_RESPONSE"
    MALFORMED_RESPONSE_CHUNK = "MALFORMED_RESPONSE_CHUNK"
    RANDOM_DATA_THEN_CLOSE = "RANDOM_DATA_THEN_CLOSE"
    CONNECTION_RESET_BY_PEER = "CONNECTION_RESET_BY_PEER"


class RpcCode(StrEnum):
    """How an RPC fails, by gRPC's names."""

    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    ABORTED = "ABORTED"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNIMPLEMENTED = "UNIMPLEMENTED"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"
    DATA_LOSS = "DATA_LOSS"
    UNAUTHENTICATED = "UNAUTHENTICATED"


class Match(StrictModel):
    """
    Which requests a fault is for; every part that is there has to fit.

    Args:
        operation: The id of an operation.
        system: The name of a system.
        path: As a client sends it, or as the document writes it; ``*`` stands for anything but a slash.
        person: The name, login name or id of a person.
    """

    operation: str | None = None
    system: str | None = None
    path: str | None = None
    person: str | None = None


class DeclaredAnswer(StrictModel):
    """
    An answer of the document.

    Args:
        status: A number, or as the document writes it; None for that of the example.
        example: The name of an example; None for the first one.
    """

    status: str | int | None = None
    example: str | None = None

    @property
    def code(self) -> str:
        """The status as text; empty without one."""
        return "" if self.status is None else str(self.status)

    @model_validator(mode="after")
    def _names_one(self) -> "DeclaredAnswer":
        if self.status is None and self.example is None:
            raise ValueError("must have a status, an example, or both")
        return self


class Lognormal(StrictModel):
    """
    A distribution of delays as networks have it: most are short, a few are long.

    Args:
        median: Half of the delays are shorter.
        sigma: The standard deviation of the logarithm; 0 makes all delays equal.
    """

    median: ShortDuration
    sigma: float = Field(ge=0, le=5)


class Delay(StrictModel):
    """How long an answer takes, in real time."""

    fixed: ShortDuration | None = None
    lognormal: Lognormal | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Delay":
        if (self.fixed is None) == (self.lognormal is None):
            raise ValueError("must be either fixed or lognormal")
        return self

    def draw(self, chance: Callable[[], Chance]) -> timedelta:
        """Give one delay, `LONGEST_DELAY` at most; only those that differ are drawn from *chance*."""
        if self.lognormal is None:
            return self.fixed or timedelta(0)
        one = self.lognormal
        seconds = chance().lognormal(one.median.total_seconds(), one.sigma)
        return min(timedelta(seconds=min(seconds, LONGEST_DELAY.total_seconds())), LONGEST_DELAY)


class RpcError(StrictModel):
    """The status of an RPC."""

    code: RpcCode


class Effect(StrictModel):
    """
    What goes wrong: a delay, and at most one thing in the place of the answer.

    Args:
        answer: An answer of the document.
        connection: The connection breaks.
        rpc: The RPC fails; over REST its gateway says so.
    """

    answer: DeclaredAnswer | None = None
    delay: Delay | None = None
    connection: Cut | None = None
    rpc: RpcError | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> "Effect":
        ends = [one for one in (self.answer, self.connection, self.rpc) if one is not None]
        if len(ends) > 1:
            raise ValueError("must have at most one of answer, connection and rpc; a delay may stand beside it")
        if not ends and self.delay is None:
            raise ValueError("must have an answer, a delay, a connection or an rpc")
        return self

    @property
    def ends(self) -> bool:
        """Whether the operation's own answer is replaced or lost."""
        return self.answer is not None or self.connection is not None or self.rpc is not None


class FaultPlan(StrictModel):
    """
    What goes wrong, when and how often.

    Args:
        times: How many requests it hits; None for all.
        after: How many matching requests it lets pass first.
        probability: With which it hits each of the others.
        fault: What goes wrong.
        when: Before the request is handled, or after, when the state has changed.
    """

    match: Match = Match()
    times: int | None = Field(default=None, ge=0)
    after: int = Field(default=0, ge=0)
    probability: float = Field(default=1.0, ge=0, le=1)
    fault: Effect
    when: Literal["before", "after"] = "before"


class ArmedFault(StrictModel):
    """
    A fault that is armed in a sandbox.

    Args:
        id: Unique in the sandbox, and never given twice.
        seen: How many requests matched so far.
        hits: How many of them it hit.
        brought_by: The document, if it armed the fault, and nobody has changed it since.
    """

    id: str
    plan: FaultPlan
    seen: int = 0
    hits: int = 0
    brought_by: Literal["document"] | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether it hits nothing any more."""
        return self.plan.times is not None and self.hits >= self.plan.times

    def count(self, draw_for: DrawFor, *, can_hit: bool) -> tuple["ArmedFault", bool]:
        """
        Count a matching request, and say whether it is hit.

        Args:
            can_hit: False for one that another fault has ended already.
        """
        plan, seen = self.plan, self.seen + 1
        hit = can_hit and seen > plan.after and not self.is_used_up
        if hit and plan.probability < 1:
            hit = draw_for("fault", self.id, str(seen), "hit").fraction() < plan.probability
        return self.model_copy(update={"seen": seen, "hits": self.hits + hit}), hit


def armed_by_document(plans: Sequence[FaultPlan], count: int = 0) -> tuple[ArmedFault, ...]:
    """
    Arm the faults that a document carries.

    Args:
        count: How many were armed before.
    """
    return tuple(
        ArmedFault(id=f"fault-{number}", plan=plan, brought_by="document")
        for number, plan in enumerate(plans, count + 1)
    )


def follow_faults(
    armed: Sequence[ArmedFault], count: int, *, former: Sequence[FaultPlan], new: Sequence[FaultPlan]
) -> tuple[tuple[ArmedFault, ...], int]:
    """
    Give what is armed when the document brings *new* faults, and no longer the *former* ones.

    What a person has armed or changed stays; so do those that the document has brought before, with their counts, and
    those that were disarmed since stay disarmed.

    Args:
        count: How many were armed so far.

    Returns:
        Those that are armed, and how many were.
    """
    kept = [one for one in armed if one.brought_by is None or one.plan in new]
    added = armed_by_document([one for one in new if one not in former], count)
    return (*kept, *added), count + len(added)


def to_json(armed: Sequence[ArmedFault], count: int) -> dict[str, Any]:
    """
    Write the armed faults of a sandbox, for a disk or an export.

    Args:
        count: How many were armed since the last reset; ids go on from there.
    """
    return {"count": count, "armed": [one.model_dump(mode="json", exclude_none=True) for one in armed]}


def from_json(written: Mapping[str, Any]) -> tuple[tuple[ArmedFault, ...], int]:
    """
    Read what `to_json` wrote.

    Raises:
        ValueError, KeyError: It is something else.
    """
    return tuple(map(ArmedFault.model_validate, written["armed"])), int(written["count"])
