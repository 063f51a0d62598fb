"""The headers of every answer."""

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
_NOT_BEHIND_THE_GATEWAY = ("zitadel.openid_configuration", "zitadel.token")


def complete(answer: Answer, context: AnswerContext) -> Answer:
    """Add the headers of the service's gateway; requests for tokens do not pass through it."""
    if context.operation is not None and context.operation.id in _NOT_BEHIND_THE_GATEWAY:
        return answer.with_headers({**answer.headers, **UNCACHED})
    return answer.with_headers({**answer.headers, **_GATEWAY, "Expires": format_http_date(context.clock.now())})


def format_http_date(moment: datetime) -> str:
    """Format *moment* for an HTTP header, to the second."""
    return _format_second(moment.replace(microsecond=0))


@lru_cache(16)
def _format_second(second: datetime) -> str:
    return format_datetime(second, usegmt=True)
