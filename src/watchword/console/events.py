"""What pages are told while they are open: that something new is there, which they then ask for."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from watchword.console.site import Site
from watchword.console.visit import Streamed, Visit
from watchword.control.events import Position, read_position
from watchword.control.following import follow_events, start_position
from watchword.edge.event_stream import HEARTBEAT, LAST_EVENT_ID, write_event, write_start

_NEWS = "news"


def follow(site: Site, visit: Visit) -> Streamed:
    """Tell which kinds of events happened; those of one moment are one piece of news."""
    name = "" if visit.query.get("scope") == "server" else visit.sandbox.name
    since = read_position(visit.exchange.headers.get(LAST_EVENT_ID) or visit.query.get("since", ""))
    return Streamed(_pieces(site, name, start_position(site.reader, name, since)))


async def _pieces(site: Site, name: str, start: Position) -> AsyncGenerator[bytes]:
    yield write_start(start)
    async with aclosing(follow_events(site.reader, name, since=start)) as told:
        async for events in told:
            if not events:
                yield HEARTBEAT
                continue
            kinds = sorted({one.kind.value for one in events})
            yield write_event(_NEWS, events[-1].position, kinds)
