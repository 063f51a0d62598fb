"""
What the gateway checks before it calls the service: it turns REST into gRPC, whose metadata has rules of its own.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5; grpc-gateway's public source for the names of the headers.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from datetime import timedelta
from posixpath import normpath

from watchword.document import Operation
from watchword.domain.refusal import Refusal
from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel import errors

_SOURCE = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_TIMEOUT = re.compile(r"([0-9]{1,8})([HMSmun])")
_UNITS: Mapping[str, timedelta] = {
    "H": timedelta(hours=1),
    "M": timedelta(minutes=1),
    "S": timedelta(seconds=1),
    "m": timedelta(milliseconds=1),
    "u": timedelta(microseconds=1),
}
_LEAST = timedelta(milliseconds=1)
"""Assumed: how long the service needs for the quickest answer."""
OF_THE_TOKEN_ENDPOINT = frozenset(
    {
        "zitadel.openid_configuration",
        "zitadel.openid_configuration_by_post",
        "zitadel.token",
        "zitadel.token_by_get",
        "zitadel.keys",
    }
)
"""Operations that are answered by the token endpoint."""
PROBES = frozenset({"zitadel.healthz", "zitadel.ready"})
"""Operations that say whether the server runs."""
BESIDE_THE_GATEWAY = OF_THE_TOKEN_ENDPOINT | PROBES
_METHOD = re.compile(r"/[A-Za-z_]\w*(?:\.\w+)+/\w+")
_OWN = ("/v2/", "/v2beta/", "/oauth/", "/.well-known/", "/debug/")
"""What the service's paths begin with; all others belong to other systems on this port, or to nobody."""
_METADATA, _BINARY = "grpc-metadata-", "-bin"


@rule(
    "zitadel.gateway.timeout",
    OBSERVED,
    f"{_SOURCE}; gRPC's PROTOCOL-HTTP2.md: Timeout",
    compares=lambda value: {"sent": bool(value)},
)
def require_time(value: str | None) -> None:
    """
    The header ``Grpc-Timeout`` is up to eight digits and a unit (``H``, ``M``, ``S``, ``m``, ``u``, ``n``), and long
    enough for an answer.

    Raises:
        TimeoutUnreadable, DeadlineExceeded: In this order.
    """
    if not value:
        return
    found = _TIMEOUT.fullmatch(value)
    if found is None:
        raise errors.TimeoutUnreadable
    if int(found[1]) * _UNITS.get(found[2], timedelta(0)) < _LEAST:
        raise errors.DeadlineExceeded


@rule("zitadel.gateway.metadata", OBSERVED, _SOURCE, compares=lambda values: {"headers": len(values)})
def require_base64(values: Mapping[str, str]) -> None:
    """
    A header ``Grpc-Metadata-…-Bin`` is base64.

    Raises:
        MetadataUnreadable: It is not.
    """
    for name, value in values.items():
        try:
            b64decode(value + "=" * (-len(value) % 4), validate=True)
        except (NotBase64, ValueError):
            raise errors.MetadataUnreadable(name) from None


@rule(
    "zitadel.gateway.printable",
    OBSERVED,
    _SOURCE,
    compares=lambda credential, in_path: {"header": credential.isprintable(), "path": all(map(_is_plain, in_path))},
)
def require_printable(credential: str, in_path: Iterable[str]) -> None:
    """
    The path and the header ``Authorization`` become gRPC metadata, which takes printable ASCII only.

    Args:
        credential: The header; empty without one.
        in_path: The values in the path.

    Raises:
        NotPrintable: Something else is in them; the gateway calls that an error of its own.
    """
    if not _is_plain(credential):
        raise errors.NotPrintable("authorization")
    if not all(map(_is_plain, in_path)):
        raise errors.NotPrintable("zitadel-activity-path")


def admit(_client: str | None, headers: Mapping[str, str], operation: Operation | None) -> None:
    """
    Check the headers that the gateway understands.

    Raises:
        TimeoutUnreadable, DeadlineExceeded, MetadataUnreadable: In this order.
    """
    if operation is not None and operation.id in BESIDE_THE_GATEWAY:
        return
    require_time(headers.get("grpc-timeout"))
    binary = {name: headers[name] for name in headers if name[:14] == _METADATA and name[-4:] == _BINARY}
    if binary:
        require_base64(binary)


def resembles(path: str) -> bool:
    """Whether *path* looks like a method of a service, as ``/zitadel.user.v2.UserService/SetPassword`` does."""
    return _METHOD.fullmatch(path) is not None


def reroute(path: str) -> Refusal | None:
    """
    Redirect a path with empty or dotted segments to the same path without them, as Go's router does.

    Returns:
        None if the path has none.
    """
    clean = normpath(path).replace("//", "/") + ("/" if path.endswith("/") and path != "/" else "")
    return errors.PathNotClean(clean) if clean != path and clean.startswith(_OWN) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
