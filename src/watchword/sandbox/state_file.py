"""The form of a file with one sandbox, but for its records, settings and messages, which their own types judge."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from watchword.domain.clock import FIRST_YEAR, LAST_YEAR
from watchword.sandbox.faults import MOST_FAULTS, ArmedFault
from watchword.system.settings import StrictModel

FORMAT = 1
"""Grows with every change that earlier releases cannot read."""
WARNING = (
    "For tests only. This is a sandbox of Watchword, with live codes and password hashes in it:"
    " whoever has this file can act as everybody in it."
)
WORDS = 624
"""How many numbers of 32 bits the state of a generator has, besides the position among them."""
_Count = Annotated[int, Field(ge=0, lt=2**53)]


def _read_moment(moment: datetime) -> datetime:
    with suppress(OverflowError):
        found = moment.astimezone(UTC)
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    raise PydanticCustomError("outside_calendar", "outside the calendar")


Moment = Annotated[AwareDatetime, AfterValidator(_read_moment)]
"""A moment that a clock can show, UTC."""


class FileClock(StrictModel):
    """What the clock shows, and how it goes on."""

    now: Moment
    frozen: bool = False
    scale: float = Field(default=1, ge=0.001, le=100_000)


class FileSequence(StrictModel):
    """The state of one generator: its words in base64, little endian, and how many of them were given out."""

    words: str
    position: int = Field(ge=0, le=WORDS)


class FileChance(StrictModel):
    """The sequences of the systems, which began with *seed* in the sandbox called *origin*."""

    seed: int = Field(ge=-(2**63), lt=2**63)
    origin: str = Field(min_length=1, max_length=64)
    sequences: dict[str, FileSequence] = Field(default_factory=dict)


class FileWindow(StrictModel):
    """The window of one rate limit, for one caller."""

    caller: str
    requests: int = Field(ge=1)
    seconds: int = Field(ge=1, le=366 * 86_400)
    started_at: Moment
    count: int = Field(ge=0)


class FileFaults(StrictModel):
    """The armed faults, how many were armed since the last reset, and the ids of those that met nothing any more."""

    count: _Count = 0
    armed: tuple[ArmedFault, ...] = Field(default=(), max_length=MOST_FAULTS)
    idle: tuple[str, ...] = Field(default=(), max_length=MOST_FAULTS)


class FileMessages(StrictModel):
    """The messages, oldest first, and how many were ever sent."""

    count: _Count = 0
    sent: tuple[dict[str, Any], ...] = ()


class StateFile(StrictModel):
    """The whole file."""

    warning: str = ""
    format: Literal[1]
    version: str = ""
    sandbox: str = ""
    proposal: str | None = None
    exported_at: str = Field(default="", alias="exportedAt")
    clock: FileClock
    chance: FileChance
    settings: dict[str, Any] = Field(default_factory=dict)
    rules_off: tuple[str, ...] = Field(default=(), alias="rulesOff")
    """Of files from before mutants had ids: rules that are gone."""
    mutants: tuple[str, ...] = ()
    limits: tuple[FileWindow, ...] = ()
    faults: FileFaults = FileFaults()
    messages: FileMessages = FileMessages()
    records: dict[str, dict[str, Any]] = Field(default_factory=dict)
    journal: tuple[Any, ...] = ()
