"""One line of a journal, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from watchword.journal.entry import Decider
from watchword.journal.masking import MASK

REST = "rest"
ADMIN = "admin"
"""What the control API is called among the systems."""
_HIDDEN = (MASK, "*")


class NoEntry(Exception):
    """Something is no entry of a journal; the message says what it lacks, half a sentence."""


@dataclass(frozen=True)
class Asked:
    """
    A rule that a request asked.

    Args:
        said: ``held``, ``refused`` or ``changed``.
        values: What it compared, without secrets.
    """

    rule: str
    said: str
    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """
    What came, masked.

    Args:
        path: Without its query; a star stands for a value that is not shown.
        headers: By lower-case name.
        body: JSON types; None without one.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any


@dataclass(frozen=True)
class Recorded:
    """
    A request, and how it was answered.

    Args:
        sandbox: Empty if it belongs to none.
        received_at: In real time.
        sandbox_time: By the sandbox's clock.
        answer: The body of the answer, masked.
        operation, system, outcome, code: As in `journal.entry.Entry`; empty for none.
        people: The names of those whom it concerns.
        decided_by: What kind of thing decided, and its id; empty if nothing did.
        mails: To whom messages were sent.
        changed: Whether it changed a record.
        fault: The id of the armed fault that it met; empty for none.
    """

    sandbox: str
    received_at: datetime
    sandbox_time: datetime
    protocol: str
    sent: Sent
    status: int
    answer: Any
    answer_headers: Mapping[str, str]
    operation: str = ""
    system: str = ""
    outcome: str = ""
    code: str = ""
    people: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    decided_by: tuple[str, str] = ("", "")
    mails: tuple[str, ...] = ()
    changed: bool = False
    violations: tuple[str, ...] = field(default=())
    fault: str = ""

    @property
    def is_success(self) -> bool:
        """Whether it did what was asked."""
        return HTTPStatus.OK <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def told(self) -> str:
        """What the answer is: ``409 PASSWORD_TOO_SHORT``."""
        return f"{self.status} {self.code}".strip()

    @property
    def is_judged(self) -> bool:
        """Whether an operation answered, and neither a fault nor a wish did."""
        return bool(self._is_called and self.status) and self.decided_by[0] != Decider.FAULT

    @property
    def why_passed(self) -> str:
        """Why it is not judged, half a sentence; empty if it is, or if it is a call of the control API."""
        if self.is_judged or self.system == ADMIN:
            return ""
        if not self.operation:
            return "met no operation"
        if self.decided_by[0] == Decider.FAULT:
            return f"answered by a {'fault' if self.fault else 'wish'}"
        return "without an answer"

    @property
    def is_faulted(self) -> bool:
        """Whether an armed fault answered it, or lost its answer; what it did before that counts all the same."""
        return self._is_called and bool(self.fault) and self.decided_by[0] == Decider.FAULT

    @property
    def _is_called(self) -> bool:
        return bool(self.operation) and self.system != ADMIN


def is_hidden(value: Any) -> bool:
    """Whether a value is masked."""
    return isinstance(value, str) and value in _HIDDEN


def read_entry(written: Any) -> Recorded:
    """
    Read an entry.

    Args:
        written: JSON types, as ``GET /__admin/journal`` shows it.

    Raises:
        NoEntry: It is none.
    """
    try:
        return _read(written)
    except KeyError as error:
        raise NoEntry(f"has no {error.args[0]!r}") from None
    except (TypeError, AttributeError, ValueError):
        raise NoEntry("has another form") from None


def _read(written: Mapping[str, Any]) -> Recorded:
    request, response = written["request"], written["response"]
    decision = written["decidedBy"] or {}
    return Recorded(
        sandbox=written["sandbox"] or "",
        received_at=datetime.fromisoformat(written["receivedAt"]),
        sandbox_time=datetime.fromisoformat(written["sandboxTime"]),
        protocol=written["protocol"],
        sent=Sent(
            request["method"],
            request["url"].partition("?")[0],
            {name.lower(): str(value) for name, value in request["headers"].items()},
            dict(request["query"]),
            request["body"],
        ),
        status=int(response["status"]),
        answer=response["body"],
        answer_headers={name.lower(): str(value) for name, value in response["headers"].items()},
        operation=written["operation"] or "",
        system=written["system"] or "",
        outcome=written["outcome"] or "",
        code=written["code"] or "",
        people=tuple(written["people"]),
        asked=tuple(Asked(one["id"], one["said"], one["code"] or "", dict(one["values"])) for one in written["rules"]),
        decided_by=(str(decision.get("kind", "")), str(decision.get("id", ""))),
        mails=tuple(one["to"] for one in written["mails"]),
        changed=bool(written["changes"]),
        violations=tuple(one["pointer"] for one in written["violations"] if one["where"] != "response"),
        fault=written.get("fault") or "",
    )
