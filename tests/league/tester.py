"""What a tester is given, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from watchword.document import Document


@dataclass(frozen=True)
class Task:
    """
    A server to be tested.

    Args:
        url: Its address.
        system: Which of its systems.
        document: That describes it.
        strict_document: A file with its strict form (``export openapi --closed``), of that system.
        people: The people in it, as its control API lists them.
        folder: To work in; empty.
        seconds: How long it may take if nothing else runs on the machine.
        broken: The rule or the operation that is broken; empty on the right server.
    """

    url: str
    system: str
    document: Document
    strict_document: Path
    people: Sequence[Mapping[str, Any]]
    folder: Path
    seconds: float
    broken: str = ""

    def credentials(self) -> Mapping[str, str]:
        """Give the credentials of somebody who is let in, by the names of the document's security schemes."""
        found: dict[str, str] = {}
        for scheme, header in _SCHEMES[self.system].items():
            one = next(one for one in self.people if one["system"] == self.system and header in one["headers"])
            found[scheme] = one["headers"][header]
        return found


_SCHEMES: Mapping[str, Mapping[str, str]] = {
    "weavr_multi": {"api-key": "api-key", "auth_token": "Authorization"},
    "weavr_payment_run": {"apiKey": "api-key", "authToken": "Authorization"},
    "zitadel": {"accessToken": "Authorization"},
    "entrust": {"entrustAuthorization": "Authorization"},
}


class CannotTest(Exception):
    """A tester did not run; the message says why."""


class Tester(Protocol):
    """
    Somebody who tests a server.

    Attributes:
        version: Which one; empty if it is not here.
        lacking: Why it cannot be run here; empty if it can.
        wavers: Whether what it says of one server differs from run to run: what it says of a mutant counts only if it
            does not say it of the right server in another run either.
    """

    name: str
    version: str
    lacking: str
    wavers: bool

    def alarms(self, task: Task) -> frozenset[str]:
        """
        Test a server, and tell everything that is wrong with it.

        Each kind of failure is told in the same words every time, so that what is said of the right server, too, can be
        taken away.

        Raises:
            CannotTest: It did not run.
        """
