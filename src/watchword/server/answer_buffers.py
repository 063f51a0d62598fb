"""
What is left of the answers to an HTTP/2 connection: bytes that the client has not taken yet.

A client decides how much it takes (RFC 9113, section 5.2, "Flow Control"), so it must not decide how much waits for it.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

from hypercorn.protocol.h2 import BUFFER_HIGH_WATER, BUFFER_LOW_WATER, BufferCompleteError, StreamBuffer

MOST_OF_ONE = 32 * 1024 * 1024
"""In bytes: a hundred of the longest documents at once, for one connection."""
MOST_OF_ALL = 128 * 1024 * 1024
"""In bytes: for all connections together."""


class TooMuchWaiting(Exception):
    """The client takes too little of what it asked for."""


@dataclass(slots=True)
class WaitingBytes:
    """
    How many bytes wait for one client, or for all.

    Args:
        most: The limit.
        within: What this is a part of.
    """

    most: int
    within: "WaitingBytes | None" = None
    count: int = 0

    def add(self, length: int) -> None:
        """
        Count *length* bytes more.

        Raises:
            TooMuchWaiting: They would be too many; they are not counted.
        """
        if self.count + length > self.most:
            raise TooMuchWaiting
        if self.within is not None:
            self.within.add(length)
        self.count += length

    def take(self, length: int) -> None:
        """Count *length* bytes less."""
        self.count -= length
        if self.within is not None:
            self.within.take(length)


class AnswerBuffer(StreamBuffer):
    """
    The answer on one stream; it keeps what it is given without a copy, so many answers may share a document.

    Args:
        event_class: As for the base class.
        waiting: Counts the bytes of the connection.
    """

    def __init__(self, event_class: Any, waiting: WaitingBytes) -> None:
        super().__init__(event_class)
        self._waiting = waiting
        self._chunks: deque[memoryview] = deque()
        self._length = 0

    @property
    def complete(self) -> bool:
        """Whether everything was taken and nothing more will come."""
        return self._complete and not self._length

    async def close(self) -> None:
        """Drop what is left, and let nobody wait for the client any more."""
        self._waiting.take(self._length)
        self._chunks.clear()
        self._length = 0
        await super().close()

    async def push(self, data: bytes) -> None:
        """
        Add *data*, and wait while too much is left.

        Raises:
            BufferCompleteError: The stream was closed.
            TooMuchWaiting: The client takes too little.
        """
        if self._complete:
            raise BufferCompleteError
        if not data:
            return
        self._waiting.add(len(data))
        self._chunks.append(memoryview(data))
        self._length += len(data)
        await self._is_empty.clear()
        if self._length >= BUFFER_HIGH_WATER:
            await self._paused.clear()
            await self._paused.wait()

    async def pop(self, max_length: int) -> bytes:
        """Take up to *max_length* bytes."""
        taken: list[memoryview] = []
        left = max_length
        while left and self._chunks:
            first = self._chunks.popleft()
            taken.append(first[:left])
            if len(first) > left:
                self._chunks.appendleft(first[left:])
            left -= len(taken[-1])
        self._length -= max_length - left
        self._waiting.take(max_length - left)
        if self._length < BUFFER_LOW_WATER:
            await self._paused.set()
        if not self._length:
            await self._is_empty.set()
        return b"".join(taken)
