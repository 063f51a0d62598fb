"""
What connect-go refuses before it reads a call, with its texts.

Source:
    Recorded answers of v4.6.5; for what was not recorded the public source of connect-go.
"""

import re
from collections.abc import Mapping

from connectrpc.code import Code
from connectrpc.errors import ConnectError

from watchword.edge.exchange import Exchange
from watchword.system import Answer
from watchword.systems.zitadel.headers import ROBOTS
from watchword.systems.zitadel.rpc.content_types import CONNECT_GO, canonical
from watchword.systems.zitadel.rpc.plain import plain_text

_NUMBER = re.compile(r"[0-9]+")
_MOST_DIGITS, _MOST_GRPC_DIGITS = 10, 8


def refuse_request(exchange: Exchange, *, known: bool) -> Answer | None:
    """
    Refuse what is no call: an unknown method, another HTTP method than POST, an unknown content type.

    Args:
        known: Whether there is a method at the path.
    """
    if not known:
        return plain_text(404, "404 page not found\n")
    if exchange.method != "POST":
        return Answer(405, headers={**ROBOTS, "Allow": "POST"})
    if canonical(exchange.headers.get("content-type", "")) not in CONNECT_GO:
        return Answer(415, headers={**ROBOTS, "Accept-Post": ", ".join(CONNECT_GO)})
    return None


def refuse_headers(headers: Mapping[str, str], protocol: str) -> ConnectError | None:
    """Refuse values of the protocol's headers; where the real texts quote a value, three stars stand."""
    if protocol != "connect":
        return _refuse_grpc_timeout(headers.get("grpc-timeout", ""))
    if headers.get("connect-protocol-version", "") not in ("", "1"):
        return _invalid('Connect-Protocol-Version must be "1": got "***"')
    timeout = headers.get("connect-timeout-ms", "")
    if len(timeout) > _MOST_DIGITS:
        return _invalid('parse timeout: "***" has >10 digits')
    if timeout and not _NUMBER.fullmatch(timeout):
        return _invalid('parse timeout: strconv.ParseInt: parsing "***": invalid syntax')
    return None


def _refuse_grpc_timeout(timeout: str) -> ConnectError | None:
    if not timeout:
        return None
    if timeout[-1] not in "HMSmun":
        return _invalid('protocol error: timeout has invalid unit "***"')
    if not _NUMBER.fullmatch(timeout[:-1]):
        return _invalid('protocol error: invalid timeout "***"')
    if len(timeout) - 1 > _MOST_GRPC_DIGITS:
        return _invalid('protocol error: timeout "***" is too long')
    return None


def _invalid(text: str) -> ConnectError:
    return ConnectError(Code.INVALID_ARGUMENT, text)


def reword(error: ConnectError) -> ConnectError:
    """Give an error of our library the text of connect-go, which quotes no value here."""
    if error.message.startswith("unknown compression"):
        return ConnectError(error.code, 'unknown compression "***": supported encodings are gzip')
    if error.message.startswith("decompress: "):
        return ConnectError(error.code, "get decompressor: gzip: invalid header")
    if error.code is Code.DEADLINE_EXCEEDED:
        return ConnectError(error.code, "context deadline exceeded")
    return error
