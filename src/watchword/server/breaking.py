"""Break connections on purpose: what HTTP/1.1 and HTTP/2 have in common."""

import socket
import struct
from typing import Any

_NO_LINGER = struct.pack("ii", 1, 0)
"""On, and zero seconds: closing drops what is not sent, and resets the connection."""


def reset_connection(transport: Any) -> None:
    """Close the connection of *transport* with a TCP reset, which the client sees as "connection reset by peer"."""
    found = transport.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
