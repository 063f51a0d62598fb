"""The mails and texts of a sandbox: found, awaited, read, deleted."""

import asyncio
from contextlib import nullcontext, suppress
from datetime import timedelta

from watchword.control.errors import NoSuchMessage, storing
from watchword.domain.outbox import Message, Since
from watchword.sandbox import Sandbox, Sandboxes

Messages = tuple[Message, ...]
"""Newest first."""


def find_messages(sandbox: Sandbox, *, to: str | None = None, since: Since | None = None) -> Messages:
    """
    Find messages.

    Args:
        to: A mail address or telephone number, in upper or lower case; None for all recipients.
        since: Leaves out what was sent before this moment of the sandbox's clock; or the message with this id, and
            those before it.
    """
    return tuple(sandbox.mailbox.find(to=to, since=since))


async def wait_for_messages(
    sandboxes: Sandboxes, name: str, *, timeout: timedelta, to: str | None = None, since: Since | None = None
) -> Messages:
    """
    Find messages as `find_messages` does; if there are none, wait for the first one.

    It waits through resets of the sandbox, and even if it is dropped and created again.
    If the task is cancelled, the waiting ends and leaves nothing behind.

    Args:
        name: Of the sandbox.
        timeout: How long to wait, in real time: the sandbox's clock may stand still. Zero for not at all.

    Returns:
        Empty if the time is over or the server stops.
    """
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # Messages may be added in any thread.
        loop.call_soon_threadsafe(woken.set)

    with suppress(TimeoutError), sandboxes.changes.listening(wake):
        async with asyncio.timeout(timeout.total_seconds()):
            while True:
                woken.clear()
                # Looked up each time: a reset puts another sandbox in its place.
                sandbox = sandboxes.get(name)
                # Listening begins before looking, so that no message comes unseen in between.
                with nullcontext() if sandbox is None else sandbox.mailbox.arrivals.listening(wake):
                    found = () if sandbox is None else find_messages(sandbox, to=to, since=since)
                    if found or sandboxes.shutting_down:
                        return found
                    await woken.wait()
    return ()


def read_message(sandbox: Sandbox, identifier: int) -> Message:
    """
    Read one message.

    Raises:
        NoSuchMessage: There is none with this *identifier*.
    """
    found = sandbox.mailbox.get(identifier)
    if found is None:
        raise NoSuchMessage(identifier)
    return found


def empty_inbox(sandbox: Sandbox) -> None:
    """
    Delete every message; identifiers go on counting.

    Raises:
        ChangeNotStored: The disk refused.
    """
    with storing():
        sandbox.empty_mailbox()
