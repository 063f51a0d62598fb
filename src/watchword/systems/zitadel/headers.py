"""
The headers of every answer, by who makes it: the service, the gateway before it, or the token endpoint.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus

from watchword.system import Answer, Asked
from watchword.systems.zitadel.gateway import OF_THE_TOKEN_ENDPOINT, PROBES
from watchword.systems.zitadel.settings import ZitadelSettings

FROM_THE_SERVICE: Mapping[str, str] = {"Grpcgateway-Content-Type": "application/grpc"}
"""What the gateway adds to an answer of the service behind it; answers that it makes itself have none."""
UNCACHED: Mapping[str, str] = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_UNCACHED_BEHIND: Mapping[str, str] = {"Grpcgateway-Cache-Control": "no-store", "Grpcgateway-Pragma": "no-cache"}
ROBOTS: Mapping[str, str] = {"X-Robots-Tag": "none"}
NOTHING_DECIDES: Mapping[str, str] = {"Vary": ""}
"""An answer without ``Vary``, which ``edge/cors.py`` takes away."""
QUOTA: Mapping[str, str] = {"Set-Cookie": "zitadel.quota.exhausted=; Path=/; Max-Age=0; SameSite=Lax"}
_SUCCESS: Mapping[str, str] = {
    **FROM_THE_SERVICE,
    **_UNCACHED_BEHIND,
    **ROBOTS,
    **QUOTA,
    "Vary": "Cookie",
}
_V2_SUCCESS: Mapping[str, str] = {**_SUCCESS, **UNCACHED}
_V2_ERROR: Mapping[str, str] = {**_UNCACHED_BEHIND, **UNCACHED, **ROBOTS}
_PORT = re.compile(r":\d*$")
_YEAR_SECONDS = 31_536_000


def complete(answer: Answer, asked: Asked) -> Answer:
    """Add the headers that the service, its gateway or its token endpoint sends with *answer*."""
    operation = None if asked.operation is None else asked.operation.id
    if operation in OF_THE_TOKEN_ENDPOINT:
        return _from_the_token_endpoint(answer, asked)
    if operation in PROBES:
        return answer.with_headers({**answer.headers, **ROBOTS})
    settings: ZitadelSettings = asked.settings
    now, newer = format_http_date(asked.now), settings.zitadel_profile.dates_answers
    if answer.status == HTTPStatus.MOVED_PERMANENTLY:
        return answer.with_headers({**answer.headers, **NOTHING_DECIDES})
    if answer.status < HTTPStatus.BAD_REQUEST:
        added = {**_SUCCESS, "Grpcgateway-Date": now} if newer else {**_V2_SUCCESS, "Expires": now}
    elif "Grpcgateway-Content-Type" not in answer.headers:
        # The gateway names no allowed methods.
        kept = {name: value for name, value in answer.headers.items() if name != "Allow"}
        return answer.with_headers({**kept, **ROBOTS})
    else:
        added = {**ROBOTS, "Grpcgateway-Date": now} if newer else {**_V2_ERROR, "Expires": now}
    return answer.with_headers({**answer.headers, **added})


def _from_the_token_endpoint(answer: Answer, asked: Asked) -> Answer:
    """Add what the token endpoint sends, which is not behind the gateway: it marks every browser with a cookie."""
    now = asked.now
    host = _PORT.sub("", asked.headers.get("host", "localhost"))
    mark = sha256(now.isoformat().encode()).hexdigest()
    cookie = f"zitadel.useragent={mark}; Path=/; Domain={host}; Max-Age={_YEAR_SECONDS}; HttpOnly; SameSite=Lax"
    added = {**UNCACHED, **ROBOTS, "Expires": format_http_date(now), "Vary": "Cookie", "Set-Cookie": cookie}
    return answer.with_headers({**answer.headers, **added})


def format_http_date(moment: datetime) -> str:
    """Format *moment* for an HTTP header, to the second."""
    return _format_second(moment.replace(microsecond=0))


@lru_cache(16)
def _format_second(second: datetime) -> str:
    return format_datetime(second, usegmt=True)
