"""
Finding sessions: queries, order and pages.

Source:
    The service's public description, ``zitadel/session/v2/session.proto``; recorded answers of v2.65.3, v4.2.2 and
    v4.6.5.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from watchword.systems.zitadel.access import Caller
from watchword.systems.zitadel.records import Session
from watchword.systems.zitadel.values import read_timestamp

Query = Mapping[str, Any]
COMPARISONS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "TIMESTAMP_QUERY_METHOD_EQUALS": lambda one, other: one == other,
    "TIMESTAMP_QUERY_METHOD_GREATER": lambda one, other: one > other,
    "TIMESTAMP_QUERY_METHOD_GREATER_OR_EQUALS": lambda one, other: one >= other,
    "TIMESTAMP_QUERY_METHOD_LESS": lambda one, other: one < other,
    "TIMESTAMP_QUERY_METHOD_LESS_OR_EQUALS": lambda one, other: one <= other,
}
"""How moments are compared, in the order of the constants' numbers."""
BY_CREATION = "SESSION_FIELD_NAME_CREATION_DATE"


def find(candidates: Iterable[Session], request: Query, *, caller: Caller) -> Sequence[Session]:
    """Find the sessions that fulfil every query of *request*, in its order; in the order of their start without one."""
    queries = request.get("queries", ())
    found = [one for one in candidates if one.exists and all(_fulfils(one, query, caller) for query in queries)]
    found.sort(key=lambda one: one.created_at)
    ascending = request.get("query", {}).get("asc", False)
    return found if ascending or request.get("sortingColumn") != BY_CREATION else found[::-1]


def page(found: Sequence[Session], request: Query) -> Sequence[Session]:
    """Cut the page out that *request* wants; all of them without a limit."""
    query = request.get("query", {})
    offset, limit = int(query.get("offset", 0)), int(query.get("limit", 0))
    return found[offset : offset + limit] if limit else found[offset:]


def _fulfils(session: Session, query: Query, caller: Caller) -> bool:
    if not query:  # while the rule that refuses it is switched off
        return True
    ((kind, wanted),) = query.items()
    match kind:
        case "idsQuery":
            ids: Sequence[str] = wanted.get("ids", ())
            return session.id in ids
        case "userIdQuery":
            return bool(session.user_id == wanted.get("id", ""))
        case "creatorQuery":
            return bool(session.creator == (wanted.get("id") or caller.user_id))
        case "userAgentQuery":
            agent = session.user_agent
            return agent is not None and agent.fingerprint_id == wanted.get("fingerprintId")
        case "expirationDateQuery":
            return session.expires_at is not None and _compare(session.expires_at, wanted, "expirationDate")
    return _compare(session.created_at, wanted, "creationDate")


def _compare(moment: datetime, wanted: Query, field: str) -> bool:
    other = read_timestamp(wanted.get(field, "1970-01-01T00:00:00Z"))
    compare = COMPARISONS.get(wanted.get("method", ""), COMPARISONS["TIMESTAMP_QUERY_METHOD_EQUALS"])
    return other is not None and compare(moment, other)
