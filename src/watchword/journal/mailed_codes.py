"""What the messages of a sandbox tell about a code that was refused: a newer one replaced it, or it was used."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from watchword.domain.outbox import Message
from watchword.edge.exchange import Exchange
from watchword.sandbox.history import HistoryGone

_CODES = ("code", "nonce")
"""What the names of fields end with that have one, in lower case."""
_DEEPEST = 5


def tell_origin(body: Any, messages: Sequence[Message], addresses: Collection[str]) -> str:
    """
    Say from which message the code in *body* is; empty if it is from none.

    Args:
        body: In JSON types, as it was sent.
        messages: Those that had been sent by then, newest first.
        addresses: Of those whom the request concerns, in lower case.
    """
    theirs = [one for one in messages if one.codes and one.to.lower() in addresses]
    codes = set(_codes(body, 0))
    source = next((one for one in theirs if not codes.isdisjoint(one.codes)), None)
    if source is None:
        return ""
    newest = theirs[0]
    if newest is source:
        return f"What was sent is the code of mail {source.id}, the newest."
    return f"What was sent is the code of mail {source.id}, and mail {newest.id} has a newer one."


def messages_before(exchange: Exchange) -> Sequence[Message]:
    """List what had been sent when a request arrived, newest first; nothing if that is no longer known."""
    sandbox = exchange.sandbox
    try:
        later = sandbox.history.since(exchange.position)
    except HistoryGone:
        return ()
    count = later[-1].messages_sent if later else sandbox.mailbox.count
    return [one for one in sandbox.mailbox if one.id <= count][::-1]


def _codes(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for name, member in value.items():
            if isinstance(member, str) and name.lower().endswith(_CODES):
                yield member
            else:
                yield from _codes(member, depth + 1)
