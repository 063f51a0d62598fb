"""What a refused form is told: what is wrong, by the names that its fields have on the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from watchword.console.edits import Overtaken
from watchword.console.site import NotAsDescribed
from watchword.control.errors import (
    ContradictorySettings,
    ControlError,
    ImpossibleChange,
    ImpossibleFault,
    ImpossibleState,
    NoSuchEntry,
    PersonNotPossible,
)

_CHOICES = re.compile(r'\["([^\]]*)"\]')
"""A list of words in JSON, as the document's validators write what a field may be."""
_PERSON = {
    "system": ("system", "System"),
    "name": ("name", "Name"),
    "like": ("like", "Like"),
    "login": ("login", "Login"),
    "password": ("password", "Password"),
    "situations": ("situations", "Situations"),
}
_FAULT = {
    "match.operation": ("operation", "Operation"),
    "match.system": ("operation", "Operation"),
    "match.person": ("person", "Person"),
    "fault": ("kind", "What goes wrong"),
    "fault.answer.example": ("example", "Documented answer"),
    "times": ("times", "How often"),
    "when": ("when", "When"),
}
_REPLAY = {
    "change.person": ("person", "Sent by"),
    "change.clock": ("by", "Later by"),
    "change.body": ("body", "Different in its body"),
    "person": ("person", "Sent by"),
    "clock": ("by", "Later by"),
    "body": ("body", "Different in its body"),
    "in": ("in", "Sandbox"),
}
_FIELDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "people": _PERSON,
    "faults": _FAULT,
    "requests": _REPLAY,
    "clock": {"by": ("by", "Forward by")},
    "sandboxes": {"file": ("file", "The file")},
}
"""The fields of forms and their labels, by page, then by place in what the control API takes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing that is wrong with a form.

    Args:
        field: The name of the field; empty if it is about none.
        label: What the page calls it.
        detail: What is wrong with it, which follows a colon.
    """

    field: str
    label: str
    detail: str


def problems_of(rest: Sequence[str], form: Mapping[str, str], error: ControlError) -> tuple[Problem, ...]:
    """
    List what is wrong with a form, besides the sentence of the error.

    Args:
        rest: The path of its page below the window's own.
        form: What was sent.
    """
    fields = _FIELDS.get(rest[0], {})
    if form.get("example"):  # of a fault: it decides, whatever else was chosen
        fields = {**fields, "fault": _FAULT["fault.answer.example"]}
    match error:
        case PersonNotPossible():
            return (_problem(rest, fields, (error.field,), error.problem),)
        case (
            ContradictorySettings()
            | ImpossibleChange()
            | ImpossibleFault()
            | ImpossibleState()
            | NotAsDescribed()
            | Overtaken()
        ):
            return tuple(_problem(rest, fields, one.path, one.detail) for one in error.violations)
        case _:
            return ()


def sentence_of(error: ControlError) -> str:
    """Say what cannot be done, without addresses of the control API, which nobody opens from a page."""
    if isinstance(error, NoSuchEntry):
        return "There is no such request in this sandbox, or no longer: the journal keeps the newest ones."
    return error.sentence


def _problem(rest: Sequence[str], fields: Mapping[str, tuple[str, str]], path: tuple[str, ...], detail: str) -> Problem:
    detail = _CHOICES.sub(lambda found: found[1].replace('","', ", "), detail)
    if rest[0] == "settings":
        names = path[1:] if path[:1] == tuple(rest[1:2]) else path
        return Problem(".".join(names), " › ".join(one.replace("_", " ") for one in names).capitalize(), detail)
    for length in range(len(path), 0, -1):
        found = fields.get(".".join(path[:length]))
        if found is not None:
            return Problem(*found, detail)
    return Problem("", ".".join(path), detail)
