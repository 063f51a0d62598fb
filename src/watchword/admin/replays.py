"""``/__admin/journal/{id}/replay`` and ``/__admin/journal/{id}/what-if``."""

from dataclasses import dataclass

from watchword.admin import replay_shapes as shapes
from watchword.control.replay import BEFORE, Choice, Replayer
from watchword.control.what_if import WhatIf
from watchword.control.written_change import read_change
from watchword.system import Answer, Call


@dataclass(frozen=True)
class ReplayHandlers:
    """The handlers that answer requests of the journal once more."""

    replayer: Replayer

    async def replay(self, call: Call) -> Answer:
        """Replay one entry."""
        wanted = call.body or {}
        change, into = read_change(wanted.get("change", {})), wanted.get("in", BEFORE)
        choice = Choice(wanted["proposal"]) if "proposal" in wanted else None
        replayed = await self.replayer.replay(call.sandbox, call.path["id"], into=into, change=change, choice=choice)
        return Answer(body=shapes.replayed(replayed))

    async def what_if(self, call: Call) -> Answer:
        """Say what would have helped."""
        return Answer(body=shapes.looked(await WhatIf(self.replayer).look(call.sandbox, call.path["id"])))
