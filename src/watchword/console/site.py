"""What the pages of the window look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.control.errors import ControlError, SettingViolation
from watchword.control.journal import JournalReader
from watchword.control.replay import Replayer
from watchword.control.situations import tell_situations_of_request
from watchword.document import Document, conformance
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandboxes

_JSON = {"content-type": "application/json"}


class NotAsDescribed(ControlError):
    """A form holds something that the control API would not take either; *violations* lists all of it."""

    code = "not-as-described"

    def __init__(self, violations: tuple[SettingViolation, ...]) -> None:
        super().__init__("That cannot be done; nothing was changed.")
        self.violations = violations


@dataclass(frozen=True)
class Site:
    """
    A server as its pages see it.

    Args:
        imitated: The systems, their document and their sandboxes.
        replayer: Reads the journal, and replays its requests.
        described: The document of the control API, which says what may be asked for.
    """

    imitated: ServedApi
    replayer: Replayer
    described: Document

    @property
    def reader(self) -> JournalReader:
        """Reads the journal."""
        return self.replayer.reader

    @property
    def sandboxes(self) -> Sandboxes:
        """All sandboxes."""
        return self.imitated.sandboxes

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the systems that have people and settings, by name."""
        return {one.name: one.title for one in self.sandboxes.systems}

    def check(self, operation: str, body: Mapping[str, Any], *, system: str = "") -> Mapping[str, Any]:
        """
        Give *body* back if an operation of the control API would read it.

        Args:
            system: The system that the path names.

        Raises:
            NotAsDescribed: It would not.
        """
        described = self.described.operations[operation]
        read = conformance.read_request(
            described, path={"system": system}, query="", headers=_JSON, body=orjson.dumps(body)
        )
        violations = tell_situations_of_request(read, self.sandboxes.systems)
        found = tuple(SettingViolation(tuple(one.path), one.detail) for one in violations if one.where == "body")
        if found:
            raise NotAsDescribed(found)
        return body
