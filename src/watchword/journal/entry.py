"""One request as its readers see it: values only, and none of them a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from watchword.domain.rule import Rule

UNREADABLE = "internal-error"
"""The reason of an entry that a defect of ours keeps from being shown."""


class Said(StrEnum):
    """What a rule said."""

    HELD = "held"
    REFUSED = "refused"
    CHANGED = "changed"


class Decider(StrEnum):
    """What kind of thing decided an answer."""

    RULE = "rule"
    SCHEMA = "schema"
    SECURITY = "security"
    SETTING = "setting"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class AskedOf:
    """
    A rule that a request asked.

    Args:
        code: The vendor's code of a refusal; empty without one.
        values: What it compared, without secrets.
        cause: What was so in this request, in a sentence; empty if the rule held, or if that is not known.
    """

    rule: Rule
    said: Said
    code: str
    values: Mapping[str, Any]
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What decided an answer.

    Args:
        id: Of the rule; the place in the document; the name of the security scheme, the setting or the fault.
    """

    kind: Decider
    id: str


@dataclass(frozen=True, slots=True)
class ShownViolation:
    """
    One way in which a request or its answer differs from the document.

    Args:
        where: ``body``, ``path``, ``query``, ``header`` or ``response``.
        pointer: A JSON pointer to the field.
    """

    where: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """
    What came.

    Args:
        url: Path and query, with stars for what the document does not declare.
        body: JSON types; None without one.
        body_bytes: Its length as sent.
    """

    method: str
    url: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    body_bytes: int


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """
    What went back.

    Args:
        status: 0 if there was no answer.
        body: JSON types; None without one.
    """

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class ShownChange:
    """
    A record that a request changed.

    Args:
        kind: Of the record.
        id: Its key, or a star if that may be a secret.
        fields: The names of the fields that changed.
    """

    kind: str
    id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachedLimit:
    """
    The limit on the requests of one caller that a request was one too many for.

    Args:
        requests: How many it allows.
        window: In how long.
        wait: How long it was until the next one would be answered, in whole seconds.
    """

    requests: int
    window: timedelta
    wait: timedelta


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A message that a request sent."""

    id: int
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One request, its answer, and why.

    Args:
        id: A UUID.
        sandbox: Empty for a request that belongs to none.
        proposal: The name of the proposal whose document answered; empty for today's document.
        received_at: In real time.
        sandbox_time: By the sandbox's clock.
        protocol: ``rest``, ``grpc``, ``grpc-web``, ``connect``; what was spoken, if the request could not be read.
        client: Its address; empty if unknown.
        operation: Its id in the document; empty if there is none.
        system: The system that answered; empty for none.
        outcome: The name of the documented answer; empty if none fits.
        code: The vendor's codes, joined by commas; empty without any.
        hint: What the answer said in the header ``Watchword-Hint``.
        people: The names of those whom it concerns.
        decision: None if nothing did but the handler.
        limit: Which limit was reached; None if none was.
        faults: The ids of the faults that were applied, the deciding one first.
        aborted: Whether the client hung up before the answer.
        reason: Why it could not be read, in a word, or `UNREADABLE`; empty if it could.
        origin: From which message a code is that was refused, in a sentence; empty if that is not known.
        instead: What is served in the place of an unknown path or method, half a sentence; else empty.
        replaced: What armed fault gave another answer, half a sentence; empty if none did.
        lost: Why there was no answer, in a sentence, if a fault or a wish lost it; else empty.
        delayed: How long a fault or a wish held the answer up, in a sentence; empty if none did.
        attempts: How often it ran until nothing that it had read was changed by another request.
        forwarded: Whether somebody else's server answered it, behind a proxy.
    """

    id: str
    sandbox: str
    received_at: datetime
    sandbox_time: datetime
    duration: timedelta
    protocol: str
    client: str
    request: ShownRequest
    response: ShownResponse
    operation: str = ""
    system: str = ""
    outcome: str = ""
    code: str = ""
    hint: str = ""
    people: tuple[str, ...] = ()
    violations: tuple[ShownViolation, ...] = ()
    rules: tuple[AskedOf, ...] = ()
    decision: Decision | None = None
    limit: ReachedLimit | None = None
    faults: tuple[str, ...] = ()
    mails: tuple[ShownMail, ...] = ()
    changes: tuple[ShownChange, ...] = ()
    origin: str = ""
    instead: str = ""
    replaced: str = ""
    lost: str = ""
    delayed: str = ""
    attempts: int = 1
    aborted: bool = False
    reason: str = ""
    proposal: str = ""
    forwarded: bool = False

    @property
    def unmatched(self) -> bool:
        """Whether no operation was found for it, as for 404 and 405; pages and preflights that succeeded need none."""
        return not self.operation and (self.forwarded or not self._is_success)

    @property
    def _is_success(self) -> bool:
        return HTTPStatus.OK <= self.response.status < HTTPStatus.BAD_REQUEST
