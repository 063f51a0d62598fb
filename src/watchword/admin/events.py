"""``/__admin/events``."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from watchword.admin import journal_shapes, shapes
from watchword.control.events import Event, Position, SandboxChange, read_position
from watchword.control.following import follow_events, start_position
from watchword.control.journal import JournalReader
from watchword.domain.durations import read_duration
from watchword.domain.outbox import Message
from watchword.edge.event_stream import HEARTBEAT, LAST_EVENT_ID, event_stream, write_event, write_start
from watchword.edge.watch import FilesState
from watchword.journal import Captured
from watchword.system import Answer, Call

_SERVER = "server"


@dataclass(frozen=True)
class EventHandlers:
    """The handler for what happens in the sandbox that a call names."""

    reader: JournalReader

    def follow(self, call: Call) -> Answer:
        """Tell what happens, as it happens."""
        name = "" if call.query.get("scope") == _SERVER else call.sandbox
        since = read_position(call.headers.get(LAST_EVENT_ID) or call.query.get("since", ""))
        wait = call.query.get("wait")
        return event_stream(self._pieces(name, since, None if wait is None else read_duration(wait)))

    async def _pieces(self, name: str, since: Position | None, wait: timedelta | None) -> AsyncGenerator[bytes]:
        start = start_position(self.reader, name, since)
        yield write_start(start)
        async with aclosing(follow_events(self.reader, name, since=start, wait=wait)) as told:
            async for events in told:
                yield b"".join(map(self._write, events)) or HEARTBEAT

    def _write(self, event: Event) -> bytes:
        return write_event(event.kind.value, event.position, self._shape(event.value))

    def _shape(self, value: Captured | Message | SandboxChange | FilesState | None) -> dict[str, Any]:
        match value:
            case Captured():
                return journal_shapes.entry(self.reader.reader.read(value))
            case Message():
                return shapes.message(value)
            case SandboxChange():
                return {"name": value.name, "what": value.what.value}
            case FilesState():
                return shapes.files(value)
            case None:
                return {}
