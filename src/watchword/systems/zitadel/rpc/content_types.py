"""
The content types of calls: which of them each library of the service reads, and which one an answer has.

Source:
    Recorded answers of v2.65.3 and v4.6.5.
"""

from collections.abc import Mapping
from types import MappingProxyType

_GRPC = ("application/grpc", "application/grpc-web")
_JSON = ("application/grpc+json", "application/grpc-web+json", "application/json")
CONNECT_GO: tuple[str, ...] = tuple(
    sorted(
        (
            *_GRPC,
            *_JSON,
            *(f"{one}; charset=utf-8" for one in _JSON),
            *(f"{one}+proto" for one in _GRPC),
            "application/proto",
        )
    )
)
"""What connect-go reads; anything else is 415."""
_ECHOED = frozenset(
    f"application/grpc{variant}{suffix}" for variant in ("", "-web", "-web-text") for suffix in ("", "+proto", "+json")
)
"""Types that an answer has if the request has them; any other text of a client is not sent back."""
_BASE: Mapping[str, str] = MappingProxyType({"grpc": "application/grpc", "grpc-web": "application/grpc-web"})


def canonical(kind: str) -> str:
    """Write a content type as connect-go compares it: in small letters, with one blank before a parameter."""
    base, _, parameters = kind.lower().partition(";")
    parts = [base.strip(), *(one.strip() for one in parameters.split(";") if one.strip())]
    return "; ".join(parts)


def without_parameters(kind: str) -> str:
    """Take the parameters off a content type."""
    return kind.partition(";")[0].strip().lower()


def answered_type(kind: str, protocol: str) -> str:
    """Find the content type of an answer to a call with *kind*; empty for Connect, whose errors are always JSON."""
    if protocol == "connect":
        return ""
    wanted = canonical(kind)
    return wanted if wanted in _ECHOED or wanted in CONNECT_GO else _BASE[protocol]
