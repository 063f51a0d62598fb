"""``/__admin/requests`` and ``/__admin/near-misses``, for WireMock's own clients."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watchword.admin import wiremock_shapes as shapes
from watchword.admin.timestamps import read_moment
from watchword.control.errors import PatternNotSupported
from watchword.control.wiremock import WireMockJournal
from watchword.journal.logged import Logged
from watchword.system import Answer, Call


@dataclass(frozen=True)
class WireMockHandlers:
    """The handlers for the journal of the sandbox that a call names, in WireMock's shapes."""

    journal: WireMockJournal

    def list(self, call: Call) -> Answer:
        """List requests with their answers, newest first."""
        if "matchingStub" in call.query:
            raise PatternNotSupported("matchingStub", "matchingStub is not supported, because there are no stubs.")
        since, limit = call.query.get("since"), call.query.get("limit")
        found = self.journal.list(
            call.sandbox,
            since=None if since is None else read_moment(since, where="query", name="since"),
            unmatched=call.query.get("unmatched"),
        )
        shown = [shapes.serve_event(one) for one in found[:limit]]
        return self._answer({"requests": shown, "meta": {"total": len(found)}})

    def unmatched(self, call: Call) -> Answer:
        """List the requests that no operation has."""
        return self._requests(self.journal.list(call.sandbox, unmatched=True))

    def find(self, call: Call) -> Answer:
        """List the requests that a pattern means."""
        return self._requests(self.journal.find(call.sandbox, call.body))

    def count(self, call: Call) -> Answer:
        """Count the requests that a pattern means."""
        return self._answer({"count": len(self.journal.find(call.sandbox, call.body))})

    def remove(self, call: Call) -> Answer:
        """Forget the requests that a pattern means."""
        removed = self.journal.remove(call.sandbox, call.body)
        return Answer(body={"serveEvents": [shapes.serve_event(one) for one in removed]})

    def near_misses(self, call: Call) -> Answer:
        """List the requests that come nearest to what a pattern means."""
        found = self.journal.near_misses(call.sandbox, call.body)
        return Answer(body={"nearMisses": [shapes.near_miss(one, call.body) for one in found]})

    def read(self, call: Call) -> Answer:
        """Read one request with its answer; as in WireMock, an unknown one has no body."""
        found = self.journal.read(call.sandbox, call.path["id"])
        return Answer(404) if found is None else Answer(body=shapes.serve_event(found))

    def forget(self, call: Call) -> Answer:
        """Forget one request; as in WireMock, one that is not there is forgotten already."""
        self.journal.forget(call.sandbox, call.path["id"])
        return Answer(body={})

    def clear(self, call: Call) -> Answer:
        """Forget all requests of the sandbox."""
        self.journal.clear(call.sandbox)
        return Answer(body={})

    def _requests(self, found: Sequence[Logged]) -> Answer:
        return self._answer({"requests": [shapes.logged_request(one) for one in found]})

    def _answer(self, body: dict[str, Any]) -> Answer:
        return Answer(body={**body, "requestJournalDisabled": self.journal.disabled})
