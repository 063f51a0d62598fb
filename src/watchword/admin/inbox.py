"""The mails and texts of a sandbox: listed, awaited, read, thrown away."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from watchword.admin import shapes
from watchword.admin.errors import NoSuchMessage
from watchword.admin.timestamps import moment
from watchword.domain.outbox import Message
from watchword.sandbox.registry import Sandboxes
from watchword.system import Answer, Call

_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Inbox:
    """Everything about the messages of the sandbox in question."""

    sandboxes: Sandboxes

    async def find(self, call: Call) -> Answer:
        """
        List messages, newest first.

        With ``wait`` and nothing to list it looks again until there is something, the wait is over, or
        the server is about to end.
        That is real time, of the event loop: the sandbox's clock may stand still meanwhile.
        """
        since = call.query.get("since")
        earliest = None if since is None else moment(since, where="query", name="since")
        found: list[Message] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(_seconds(call.query.get("wait", "0s"))):
                while not (found := self._matching(call, earliest)) and not self.sandboxes.shutting_down:
                    await asyncio.sleep(_PAUSE_SECONDS)
        return Answer(body={"messages": [shapes.message(one) for one in found]})

    def empty(self, call: Call) -> Answer:
        """Throw all messages away."""
        self.sandboxes.enter(call.sandbox).empty_mailbox()
        return Answer(204)

    def read(self, call: Call) -> Answer:
        """Read one message."""
        identifier = call.path["id"]
        found = self.sandboxes.enter(call.sandbox).mailbox.get(identifier)
        if found is None:
            raise NoSuchMessage(identifier)
        return Answer(body=shapes.message(found))

    def _matching(self, call: Call, since: datetime | None) -> list[Message]:
        # Asked for each time: a reset replaces the sandbox while somebody waits.
        sandbox = self.sandboxes.get(call.sandbox)
        return [] if sandbox is None else sandbox.mailbox.find(to=call.query.get("to"), since=since)


def _seconds(wait: str) -> float:
    """Read a wait of the document's pattern: ``5s``, ``250ms``."""
    return int(wait.removesuffix("ms")) / 1000 if wait.endswith("ms") else float(wait.removesuffix("s"))
