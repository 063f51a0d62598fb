"""
What pages of other origins may send to ZITADEL, and read of its answers.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5; the public source for the names of request headers.
"""

from functools import lru_cache

from watchword.system.cors import CorsPolicy
from watchword.systems.zitadel.headers import QUOTA, ROBOTS
from watchword.systems.zitadel.settings import ZitadelSettings

_METHODS = frozenset({"OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_REQUEST_HEADERS = frozenset(
    {
        "accept",
        "accept-language",
        "authorization",
        "content-type",
        "origin",
        "x-grpc-web",
        "x-requested-with",
        "x-user-agent",
        "x-zitadel-orgid",
    }
)
_OF_CONNECT = frozenset({"connect-protocol-version", "connect-timeout-ms", "grpc-timeout"})
_EXPOSED = ("Location", "Content-Length")
_EXPOSED_OF_GRPC = ("Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin")


def policy(settings: ZitadelSettings) -> CorsPolicy:
    """Find what the release allows; the headers of Connect wherever Connect is served."""
    return _policy(connect=settings.serves_connect, exposes_grpc=settings.zitadel_profile.speaks_connect)


@lru_cache
def _policy(*, connect: bool, exposes_grpc: bool) -> CorsPolicy:
    return CorsPolicy(
        methods=_METHODS,
        request_headers=_REQUEST_HEADERS | _OF_CONNECT if connect else _REQUEST_HEADERS,
        exposed=(*_EXPOSED, *_EXPOSED_OF_GRPC) if exposes_grpc else _EXPOSED,
        varies=("Cookie",),
        preflight_headers={**QUOTA, **ROBOTS},
    )
