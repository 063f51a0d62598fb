"""The interface of an imitated system: what it provides, what its handlers get, its settings, its seed data."""

from watchword.system.call import Answer, Asked, Call, Stream
from watchword.system.system import (
    FindRecord,
    Handler,
    Quickstart,
    System,
    Verifier,
    authenticate_first,
    check_shape_first,
)

__all__ = [
    "Answer",
    "Asked",
    "Call",
    "FindRecord",
    "Handler",
    "Quickstart",
    "Stream",
    "System",
    "Verifier",
    "authenticate_first",
    "check_shape_first",
]
