"""The headers that the service sends with every answer."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from watchword.system import Answer, AnswerContext

UNCACHED: Mapping[str, str] = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_GATEWAY = {
    **UNCACHED,
    "Grpcgateway-Cache-Control": "no-store",
    "Grpcgateway-Content-Type": "application/grpc",
    "Grpcgateway-Pragma": "no-cache",
    "X-Robots-Tag": "none",
}
_NOT_BY_THE_GATEWAY = ("zitadel.openid_configuration", "zitadel.token")


def complete(answer: Answer, context: AnswerContext) -> Answer:
    """Add what the service's gateway sends with every answer; the token endpoint does not go through it."""
    if context.operation is not None and context.operation.id in _NOT_BY_THE_GATEWAY:
        return answer.with_headers({**answer.headers, **UNCACHED})
    return answer.with_headers({**answer.headers, **_GATEWAY, "Expires": http_date(context.clock.now())})


def http_date(moment: datetime) -> str:
    """Write *moment* as HTTP headers do, to the second."""
    return _formatted(moment.replace(microsecond=0))


@lru_cache(16)
def _formatted(second: datetime) -> str:
    return format_datetime(second, usegmt=True)
