"""
What grpc-go refuses before the service gets a call, with its texts: timeouts, and the frame of the one message.

Source:
    Recorded answers of v2.65.3; for what was not recorded the public source of grpc-go.
"""

import re
from collections.abc import Mapping

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from starlette.types import Message, Receive

from watchword.system import Answer
from watchword.systems.zitadel.rpc.plain import plain_text

MOST_BYTES = 4 * 1024 * 1024
"""The longest message that grpc-go reads by default."""
_PREFIX_BYTES = 5
_GREATEST_FLAG = 1
_LEAST_TIMEOUT, _LONGEST_TIMEOUT = 2, 9
_NUMBER = re.compile(r"[+-]?[0-9]+")


class FirstMessage:
    """
    The first message of a call, or what has arrived of it: grpc-go reads no other one of a method that takes one.

    Args:
        headers: Of the request.
        most: The longest message that is read.
    """

    def __init__(self, headers: Mapping[str, str], most: int) -> None:
        self._headers, self._most = headers, most
        self._prefix = bytearray()
        self._count = 0
        self._invalid_base64_at: int | None = None

    def note_invalid_base64(self, place: int) -> None:
        """Note where a call in the text form stops being base64."""
        self._invalid_base64_at = place

    def only(self, receive: Receive) -> Receive:
        """Receive nothing that follows the first message."""

        async def receive_it() -> Message:
            message = await receive()
            if message["type"] != "http.request":
                return message
            body = message.get("body", b"")
            self._prefix += body[: max(0, _PREFIX_BYTES - len(self._prefix))]
            kept = body if self._end is None else body[: max(0, self._end - self._count)]
            self._count += len(kept)
            return {**message, "body": kept}

        return receive_it

    @property
    def _length(self) -> int:
        return int.from_bytes(self._prefix[1:])

    @property
    def _end(self) -> int | None:
        return _PREFIX_BYTES + self._length if len(self._prefix) == _PREFIX_BYTES else None

    def problem(self) -> ConnectError | None:
        """Say what is wrong with the message's frame, in the words of grpc-go; None for nothing."""
        if self._invalid_base64_at is not None:
            place = f"illegal base64 data at input byte {self._invalid_base64_at}"
            return ConnectError(Code.UNKNOWN, f'connection error: desc = "{place}"')
        encoding = self._headers.get("grpc-encoding", "identity")
        if encoding not in ("identity", "gzip", ""):
            return ConnectError(Code.UNIMPLEMENTED, 'grpc: Decompressor is not installed for grpc-encoding "***"')
        if self._end is None:
            return ConnectError(Code.UNKNOWN, "unexpected EOF" if self._prefix else "EOF")
        if self._length > self._most:
            most = MOST_BYTES if self._length > MOST_BYTES else self._most
            text = f"grpc: received message larger than max ({self._length} vs. {most})"
            return ConnectError(Code.RESOURCE_EXHAUSTED, text)
        if self._prefix[0] > _GREATEST_FLAG:
            return ConnectError(Code.INTERNAL, f"grpc: received unexpected payload format {self._prefix[0]}")
        if self._prefix[0] and encoding != "gzip":
            return ConnectError(Code.INTERNAL, "grpc: compressed flag set with identity or empty encoding")
        if self._count < self._end:
            return ConnectError(Code.UNKNOWN, "unexpected EOF")
        return None


def reword(error: ConnectError) -> ConnectError:
    """Give an error of our library the text of grpc-go."""
    if error.message.startswith("decompress: "):
        return ConnectError(Code.INTERNAL, "grpc: failed to decompress the received message: gzip: invalid header")
    if error.code is Code.DEADLINE_EXCEEDED:
        return ConnectError(error.code, "context deadline exceeded")
    return error


def refuse_timeout(timeout: str) -> Answer | None:
    """Refuse a header ``grpc-timeout`` that cannot be read; where the real texts quote it, three stars stand."""
    if not timeout:
        return None
    reason = ""
    if len(timeout) < _LEAST_TIMEOUT:
        reason = 'transport: timeout string is too short: "***"'
    elif len(timeout) > _LONGEST_TIMEOUT:
        reason = 'transport: timeout string is too long: "***"'
    elif timeout[-1] not in "HMSmun":
        reason = 'transport: timeout unit is not recognized: "***"'
    elif not _NUMBER.fullmatch(timeout[:-1]):
        reason = 'strconv.ParseInt: parsing "***": invalid syntax'
    return plain_text(400, f"malformed grpc-timeout: {reason}\n") if reason else None
