"""The steps of a scenario, as values: calls, time that passes, settings that change, mails that are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from watchword.contract.values import Kept, Template

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Expected:
    """
    What a scenario states about an answer.

    Args:
        statuses: One of these.
        name: Of the answer among the document's examples, which is the vendor's code; None to leave that open.
        shows: What stands at some places of the body, by JSON pointer.
        is_stated: Whether the scenario states it in words; otherwise the call only has to succeed.
    """

    statuses: tuple[int, ...]
    name: str | None = None
    shows: Mapping[str, Template] = field(default_factory=dict)
    is_stated: bool = False


@dataclass(frozen=True)
class Call:
    """
    A request.

    Args:
        says: The step in words, as a report shows it.
        operation: Its id in the document.
        query: By name; a text is sent as it stands.
        body: The JSON in it, or the fields of a form if the headers say so; a text is sent as it stands.
        keeps: What later steps may need of an answer, by the name that it is kept under: a JSON pointer into the body.
        sets: What holds once the call has succeeded, by the same names.
        forgets: Names whose values are of no use once the call has succeeded.
        needs: Values without which the call would say nothing about the server.
        fails_log_in: Whose count of wrong passwords the call may raise; empty for nobody's.
    """

    says: str
    operation: str
    path: Mapping[str, Template] = field(default_factory=dict)
    query: Mapping[str, Template] | str = field(default_factory=dict)
    headers: Mapping[str, Template] = field(default_factory=dict)
    body: Template = None
    keeps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, Template] = field(default_factory=dict)
    expected: Expected | None = None
    needs: tuple[Kept, ...] = ()
    fails_log_in: str = ""

    @property
    def is_form(self) -> bool:
        """Whether the body has fields of a form."""
        return isinstance(self.body, Mapping) and self.headers.get("content-type") == FORM


@dataclass(frozen=True)
class Wait:
    """
    Time passes.

    Args:
        just_short: The least that the servers' clocks can be told less than *by*.
    """

    by: timedelta
    just_short: bool = False

    @property
    def says(self) -> str:
        """The step in words."""
        return f"{'almost ' if self.just_short else ''}{in_words(self.by)} pass"


@dataclass(frozen=True)
class Tune:
    """
    Settings of the system change, as a JSON merge patch says.

    Args:
        may_be_so: Servers whose settings nobody can change are taken to be so by themselves.
    """

    settings: Mapping[str, Any]
    may_be_so: bool = False

    @property
    def says(self) -> str:
        """The step in words."""
        return f"the settings change: {dict(self.settings)}"


@dataclass(frozen=True)
class LookAtMails:
    """
    Mails to a person are counted, since the scenario began.

    Args:
        link_has: What stands in a link of the newest one, after its percent-encoding is undone.
        link_passes: What the parameters of such a link are, whatever their names.
        text_has: What stands in its text, however its words are spaced.
    """

    to: str
    number: int
    link_has: tuple[Template, ...] = ()
    link_passes: tuple[Template, ...] = ()
    text_has: tuple[Template, ...] = ()

    @property
    def says(self) -> str:
        """The step in words."""
        return f"{self.to} has {self.number} mail{'' if self.number == 1 else 's'}"


Step = Call | Wait | Tune | LookAtMails


def in_words(duration: timedelta) -> str:
    """Write a duration for people."""
    seconds = int(duration.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            number = seconds // length
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"
