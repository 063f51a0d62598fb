"""A running server, and the sandboxes of tests in it."""

from collections.abc import Mapping
from typing import Any

from watchword.client.clock import Clock
from watchword.client.connection import Connection, path_of
from watchword.client.errors import WatchwordError
from watchword.client.faults import Faults
from watchword.client.inbox import Inbox
from watchword.client.journal import Journal
from watchword.client.names import sandbox_name
from watchword.client.people import Person, read_person
from watchword.client.settings import Settings


class Watchword(Connection):
    """
    A running server.

    Args:
        url: Its address.
        token: The admin token, if the server has one.
        patience_seconds: How long an answer may take.
    """

    def __repr__(self) -> str:
        return f"Watchword({self.url!r})"

    def sandbox(self, test: str, *, proposal: str | None = None) -> "Sandbox":
        """
        Make the sandbox of a test, fresh even if the test has run before.

        Args:
            test: What is unique for the test, such as its file and its name.
            proposal: The proposal whose document describes it; None for today's.
        """
        made = Sandbox(self, sandbox_name(test))
        made.drop()
        if proposal is not None:
            made.choose(proposal)
        return made

    def coverage(self, form: str = "json", *, sandbox: str = "", operations: str = "") -> Any:
        """
        Report what requests have reached.

        Args:
            form: ``json``, which gives an object; ``md``, ``html`` and ``text`` give texts.
            sandbox: Only requests of this one, or of those that fit a pattern with stars.
            operations: Ids or patterns with stars, with commas between them.
        """
        query = {"format": form, "sandbox": sandbox, "operations": operations}
        return self.ask("GET", "/coverage", query=query)


class Sandbox:
    """
    The world of one test: its people, mails, clock, faults, settings and requests.

    Attributes:
        url: The address with the path prefix of the sandbox.
        headers: The header that names the sandbox, for requests to the server's own address.
    """

    def __init__(self, server: Watchword, name: str) -> None:
        self.server, self.name = server, name
        self.url = f"{server.url}/~{name}"
        self.headers = {"Watchword-Sandbox": name}
        self.clock, self.inbox, self.faults = Clock(self.ask), Inbox(self.ask), Faults(self.ask)
        self.settings, self.journal = Settings(self.ask), Journal(self.ask)

    def __repr__(self) -> str:
        return f"Sandbox({self.name!r})"

    def ask(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Call the control API in this sandbox, as `Watchword.ask` does."""
        return self.server.ask(method, path, query=query, body=body, sandbox=self.name)

    @property
    def people(self) -> list[Person]:
        """Everybody, as they are now."""
        return [read_person(one) for one in self.ask("GET", "/people")["people"]]

    def person(self, system: str, *situations: str) -> Person:
        """
        Find somebody in all of these situations, and in as few others as possible.

        Raises:
            LookupError: There is nobody; `make_person` makes somebody.
        """
        found = [read_person(one) for one in self.ask("GET", "/people", query={"system": system})["people"]]
        fitting = [one for one in found if set(situations) <= set(one.situations)]
        if not fitting:
            known = sorted({situation for one in found for situation in one.situations})
            wanted = " and ".join(situations) or "any situation"
            raise LookupError(f"{system} has nobody in {wanted}. There are: {', '.join(known)}.")
        return min(fitting, key=lambda one: len(one.situations))

    def person_named(self, system: str, name: str) -> Person:
        """Look at the person with a name."""
        return read_person(self.ask("GET", path_of("people", system, name)))

    def make_person(self, system: str, **wish: Any) -> Person:
        """
        Make a person by the rules of the system.

        Args:
            wish: ``name``, ``like``, ``login``, ``password``, ``situations``, ``programme``, ``organisation``.
        """
        return read_person(self.ask("POST", "/people", body={"system": system, **wish}))

    def change_person(self, person: Person, **change: Any) -> Person:
        """Give a person another ``login``, ``password`` or other ``situations``."""
        return read_person(self.ask("PATCH", path_of("people", person.system, person.name), body=change))

    def agenda(self) -> list[Mapping[str, Any]]:
        """List what is going to happen by itself, soonest first."""
        found: list[Mapping[str, Any]] = self.ask("GET", "/agenda")["events"]
        return found

    def findings(self) -> list[dict[str, Any]]:
        """List what a gate may forbid, such as fields that the document does not declare."""
        found: list[dict[str, Any]] = self.ask("GET", "/findings")["findings"]
        return found

    def verify(self, **expected: Any) -> int:
        """
        Count the requests that are as expected.

        Args:
            expected: ``operation``, ``request``, ``person``, ``status``, ``body`` (a part of it), ``count``
                (a number, or ``{"atLeast": …, "atMost": …}``; 1 if it is left out).

        Raises:
            AssertionError: There are not so many; the message has the nearest ones.
        """
        try:
            count: int = self.ask("POST", "/verify", body=expected)["count"]
        except WatchwordError as error:
            if error.code != "not-verified":
                raise
            near = [self._miss(one) for one in error.problem["nearest"]]
            raise AssertionError("\n".join([str(error), *near])) from None
        return count

    def choose(self, proposal: str | None) -> None:
        """
        Let the document of a proposal describe the imitated systems; people, clock, mails and changed settings stay.

        Args:
            proposal: Its name; None for today's document.
        """
        self.server.ask("PUT", f"/sandboxes/{self.name}", body={"proposal": proposal})

    def reset(self) -> None:
        """Put everything back to the seed data; the proposal stays."""
        self.ask("POST", "/reset")

    def drop(self) -> None:
        """Remove the sandbox, if it is there; what its requests reached stays counted."""
        try:
            self.server.ask("DELETE", f"/sandboxes/{self.name}")
        except WatchwordError as error:
            if error.code != "no-such-sandbox":
                raise

    def _miss(self, near: Mapping[str, Any]) -> str:
        try:
            entry = self.journal.entry(near["id"])
            what = f"{entry.method} {entry.url} {entry.status}"
        except WatchwordError:  # newer requests needed its place
            what = near["id"]
        return f"  nearest: {what}: {'; '.join(near['differences'])}"
