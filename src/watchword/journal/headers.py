"""Which headers readers see: those that say how to read a message, and declared ones; never a credential."""

from collections.abc import Collection, Mapping

from watchword.journal.masking import MASK, show_name

_HARMLESS = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "accept-patch", "accept-post", "accept-ranges", "age"),
        *("allow", "cache-control", "connection", "content-disposition", "content-encoding", "content-language"),
        *("content-length", "content-security-policy", "content-type", "date", "dnt", "expect", "expires", "host"),
        *("keep-alive", "last-modified", "location", "origin", "permissions-policy", "pragma", "priority"),
        *("referrer-policy", "strict-transport-security", "upgrade", "upgrade-insecure-requests"),
        *("x-content-type-options", "x-frame-options", "x-robots-tag", "x-xss-protection"),
        *("prefer", "preference-applied", "retry-after", "server", "transfer-encoding", "user-agent", "vary"),
        *("www-authenticate", "grpc-status", "grpc-timeout", "te", "trailer", "x-ratelimit-limit", "x-ratelimit-reset"),
    )
)
"""Standard headers that carry no secret; what stands in others may be one."""
_PREFIXES = ("access-control-", "sec-fetch-", "watchword-", "connect-", "grpc-")
_NEVER = frozenset(("watchword-admin-token", "authorization", "proxy-authorization", "cookie", "set-cookie"))
"""Headers that carry credentials, also where a document declares them."""
_MOST_CHARACTERS = 500


def show_headers(
    headers: Mapping[str, str],
    *,
    declared: Collection[str] = (),
    credentials: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """
    Show *headers*, by lower-case name.

    Args:
        declared: Those that the document declares and does not mark as secret.
        credentials: What is told of credentials in the place of their values.
    """
    told = credentials or {}
    return {show_name(name): told.get(name) or _value(name, value, declared) for name, value in _lower(headers)}


def _lower(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers.items()]


def _value(name: str, value: str, declared: Collection[str]) -> str:
    shown = name in _HARMLESS or name in declared or name.startswith(_PREFIXES)
    return value[:_MOST_CHARACTERS] if shown and name not in _NEVER else MASK
