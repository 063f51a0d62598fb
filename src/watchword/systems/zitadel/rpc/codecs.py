"""
Bytes to messages and back, with errors that repeat no value.

The library's own errors quote what they could not read, which may be a password.

Source:
    Recorded answers of v2.65.3 (grpc-go) and v4.6.5 (connect-go).
"""

from typing import TypeVar

from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.errors import ConnectError
from protobuf import Message, message_from_json_value

from watchword.systems.zitadel.errors import Unreadable
from watchword.systems.zitadel.protojson import read
from watchword.systems.zitadel.request_messages import REQUESTS
from watchword.systems.zitadel.settings import Profile

M = TypeVar("M", bound=Message)


_INVALID, _NOT_UTF8 = "proto: cannot parse invalid wire-format data", "string field contains invalid UTF-8"


def _unreadable(reason: str) -> ConnectError:
    return ConnectError(Code.INVALID_ARGUMENT, f"unmarshal message: {reason}")


def _go_type(message_class: type[Message]) -> str:
    """Name the type of a message as Go does."""
    descriptor = message_class.desc()
    return f"*{descriptor.file.proto.package.split('.')[-2]}.{descriptor.name}"


class Binary(Codec[Message, M]):
    """The wire format of protocol buffers, refused as connect-go does."""

    def name(self) -> str:
        """Name the codec as in content types."""
        return "proto"

    def encode(self, message: Message) -> bytes:
        """Encode *message*."""
        return message.to_binary()

    def decode(self, data: bytes | bytearray, message_class: type[M]) -> M:
        """
        Decode a message.

        Raises:
            ConnectError: *data* is not a message.
        """
        try:
            return message_class.from_binary(data)
        except UnicodeDecodeError:
            raise self.refuse(_NOT_UTF8, message_class) from None
        except Exception:  # noqa: BLE001  # the library has no error of its own for it
            raise self.refuse(_INVALID, message_class) from None

    @staticmethod
    def refuse(reason: str, message_class: type[Message]) -> ConnectError:
        """Make the error for a message that cannot be read."""
        # Go's library writes another blank in each build.
        written = reason.replace("proto: ", "proto:\N{NO-BREAK SPACE}", 1)
        return _unreadable(f"unmarshal into {_go_type(message_class)}: {written}")


class GrpcGoBinary(Binary[M]):
    """The wire format of protocol buffers, refused as grpc-go does."""

    @staticmethod
    def refuse(reason: str, message_class: type[Message]) -> ConnectError:
        """Make the error for a message that cannot be read."""
        del message_class
        return ConnectError(Code.INTERNAL, f"grpc: error unmarshalling request: {reason}")


class Json(Codec[Message, M]):
    """The JSON mapping of protocol buffers, read by the same rule as bodies of REST."""

    def name(self) -> str:
        """Name the codec as in content types."""
        return "json"

    def encode(self, message: Message) -> bytes:
        """Encode *message*."""
        return message.to_json().encode()

    def decode(self, data: bytes | bytearray, message_class: type[M]) -> M:
        """
        Decode a message.

        Raises:
            ConnectError: Invalid argument: *data* is not that message; the text says where.
        """
        request, go_type = REQUESTS.get(message_class.desc().type_name), _go_type(message_class)
        try:
            if request is None:
                return message_class.from_json(data, ignore_unknown_fields=True)
            fields = read(bytes(data), request)
            if fields is None:
                raise _unreadable("zero-length payload is not a valid JSON object")
            return message_from_json_value(message_class, fields)
        except Unreadable as error:
            raise _unreadable(f"unmarshal into {go_type}: {error.worded(Profile.V4_6)}") from None
        except ConnectError:
            raise
        except Exception:  # noqa: BLE001  # the library's own errors quote values
            raise _unreadable(f"unmarshal into {go_type}: proto: syntax error") from None
