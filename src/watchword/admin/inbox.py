"""``/__admin/inbox``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.admin.timestamps import read_since
from watchword.control.inbox import empty_inbox, read_message, wait_for_messages
from watchword.control.sandboxes import enter_sandbox
from watchword.domain.durations import read_duration
from watchword.sandbox import Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class InboxHandlers:
    """The handlers for the messages of the sandbox that a call names."""

    sandboxes: Sandboxes

    async def find(self, call: Call) -> Answer:
        """List messages, newest first; with ``wait`` and nothing to list, wait for the first."""
        since = call.query.get("since")
        found = await wait_for_messages(
            self.sandboxes,
            call.sandbox,
            timeout=read_duration(call.query.get("wait", "0s")),
            to=call.query.get("to"),
            since=None if since is None else read_since(since),
        )
        return Answer(body={"messages": [shapes.message(one) for one in found]})

    def read(self, call: Call) -> Answer:
        """Read one message."""
        return Answer(body=shapes.message(read_message(enter_sandbox(self.sandboxes, call.sandbox), call.path["id"])))

    def empty(self, call: Call) -> Answer:
        """Delete every message."""
        empty_inbox(enter_sandbox(self.sandboxes, call.sandbox))
        return Answer(204)
