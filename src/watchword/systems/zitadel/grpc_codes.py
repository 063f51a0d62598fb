"""
The status codes of gRPC: their names, and the HTTP statuses that they are over REST.

Source:
    Documented: grpc-gateway's table, and Connect's "Error Codes", whose names are gRPC's in small letters.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class GrpcCode(NamedTuple):
    """
    A status code.

    Args:
        name: As Connect writes it.
        http: The status over REST.
    """

    number: int
    name: str
    http: int


UNKNOWN = GrpcCode(2, "unknown", 500)
INVALID_ARGUMENT = GrpcCode(3, "invalid_argument", 400)
UNIMPLEMENTED = GrpcCode(12, "unimplemented", 501)
UNAVAILABLE = GrpcCode(14, "unavailable", 503)
_ALL = (
    GrpcCode(1, "canceled", 499),
    UNKNOWN,
    INVALID_ARGUMENT,
    GrpcCode(4, "deadline_exceeded", 504),
    GrpcCode(5, "not_found", 404),
    GrpcCode(6, "already_exists", 409),
    GrpcCode(7, "permission_denied", 403),
    GrpcCode(8, "resource_exhausted", 429),
    GrpcCode(9, "failed_precondition", 400),
    GrpcCode(10, "aborted", 409),
    GrpcCode(11, "out_of_range", 400),
    UNIMPLEMENTED,
    GrpcCode(13, "internal", 500),
    UNAVAILABLE,
    GrpcCode(15, "data_loss", 500),
    GrpcCode(16, "unauthenticated", 401),
)
_BY_NUMBER: Mapping[int, GrpcCode] = MappingProxyType({code.number: code for code in _ALL})
_BY_NAME: Mapping[str, GrpcCode] = MappingProxyType({code.name: code for code in _ALL})


def with_number(number: int) -> GrpcCode:
    """Find the code with this *number*; `UNKNOWN` for one that there is not."""
    return _BY_NUMBER.get(number, UNKNOWN)


def with_name(name: str) -> GrpcCode:
    """Find the code with this *name*; `UNKNOWN` for one that there is not."""
    return _BY_NAME.get(name, UNKNOWN)


def with_http(status: int) -> GrpcCode:
    """Find the first code that is this HTTP *status* over REST; `UNKNOWN` if there is none."""
    return next((code for code in _ALL if code.http == status), UNKNOWN)
