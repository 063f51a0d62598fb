"""What pages are told while they are open: that something new is there, which they then ask for."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from watchword.console.site import Site
from watchword.console.visit import Streamed, Visit
from watchword.control.events import Event, Position, SandboxChange, What, read_position
from watchword.control.following import follow_events, start_position
from watchword.edge.event_stream import HEARTBEAT, LAST_EVENT_ID, write_event, write_start

_NEWS = "news"
_OTHERS = "sandboxes"


def follow(site: Site, visit: Visit) -> Streamed:
    """
    Tell in words what happened; what happened at one moment is one piece of news.

    The page of a sandbox that is ``missing`` waits until there is one; no stream makes one.
    A page of the requests that belong to no sandbox is told of those, and of everything else in its own sandbox; a page
    of ``others`` also hears that there are more sandboxes, or fewer.
    """
    name = visit.sandbox.name
    requests_of = "" if visit.query.get("scope") == "server" else name
    since = read_position(visit.exchange.headers.get(LAST_EVENT_ID) or visit.query.get("since", ""))
    start, was_missing = start_position(site.reader, name, since), "missing" in visit.query
    others = "others" in visit.query
    return Streamed(_pieces(site, name, requests_of, start, was_missing=was_missing, others=others))


async def _pieces(
    site: Site, name: str, requests_of: str, start: Position, *, was_missing: bool, others: bool
) -> AsyncGenerator[bytes]:
    yield write_start(start)
    # The sandbox may have been made or dropped between the page and its stream, or while nobody saw the page.
    is_missing = site.sandboxes.get(name) is None
    if is_missing != was_missing:
        yield write_event(_NEWS, start, [(What.DROPPED if is_missing else What.MADE).value])
    following = follow_events(site.reader, name, since=start, requests_of=requests_of, others=others)
    async with aclosing(following) as told:
        async for events in told:
            if not events:
                yield HEARTBEAT
                continue
            yield write_event(_NEWS, events[-1].position, sorted({_word(one, name) for one in events}))


def _word(event: Event, name: str) -> str:
    """Say what happened, in the word that a part of a page of *name* names if it waits for it (``data-on``)."""
    if not isinstance(event.value, SandboxChange):
        return event.kind.value
    return event.value.what.value if event.value.name == name else _OTHERS
