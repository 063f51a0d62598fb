"""The operations of the session service, for every protocol: load, ask the rules, save."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel import session_messages, session_queries, sessions
from watchword.systems.zitadel.context import caller_of, candidate_of, details_of, policies_of, settings_of, timestamp
from watchword.systems.zitadel.events import note_state
from watchword.systems.zitadel.operations import Reply, Request
from watchword.systems.zitadel.proofs import RecordedRefusal
from watchword.systems.zitadel.records import INSTANCE, AccessToken, Session, User
from watchword.systems.zitadel.session_views import show_session
from watchword.systems.zitadel.signin import Checks, read_user_check, require_active_user, run_checks
from watchword.systems.zitadel.validation import validate
from watchword.systems.zitadel.values import read_lifetime


def create_session(call: Call, request: Request) -> Reply | Refusal:
    """
    Start a session.

    Raises:
        ZitadelRefusal: Nothing is changed; a refusal that changes something is returned.
    """
    profile = settings_of(call).zitadel_profile
    validate(session_messages.create_session(profile), request)
    checks, caller = _read_checks(call, request.get("checks", {})), caller_of(call)
    chance = call.chance.of(checks.user.id if checks.user else "")
    session = Session(
        chance.numeric_id(),
        created_at=call.now,
        sequence=1,
        creator=caller.user_id,
        user_agent=session_messages.read_user_agent(request.get("userAgent")),
    )
    sessions.require_session_write(caller, session, None, sent=False, profile=profile)
    default = settings_of(call).session_lifetime
    if default is not None:
        session = replace(session, expires_at=sessions.later(call.now, default))
    return _change(call, session, checks, request, token=Secret(chance.token()), is_new=True)


def set_session(call: Call, request: Request) -> Reply | Refusal:
    """
    Change a session.

    Raises:
        ZitadelRefusal: Nothing is changed; a refusal that changes something is returned.
    """
    profile = settings_of(call).zitadel_profile
    validate(session_messages.set_session(profile), request)
    checks = _read_checks(call, request.get("checks", {}))
    session = _load(call, request["sessionId"])
    sent = bool(request.get("sessionToken"))
    sessions.require_session_write(caller_of(call), session, _find_token(call, request), sent=sent, profile=profile)
    sessions.require_open(session, now=call.now)
    token = Secret(call.chance.of(session.user_id or "").token())
    return _change(call, session, checks, request, token=token, is_new=False)


def get_session(call: Call, request: Request) -> Reply:
    """
    Show a session.

    Raises:
        ZitadelRefusal: There is no such session, or the caller may not see it.
    """
    profile = settings_of(call).zitadel_profile
    if "session_token" in request:
        # In a query the gateway knows fields by both of their names.
        request = {"sessionToken": request["session_token"], **request}
    validate(session_messages.get_session(profile), request)
    session = sessions.require_session(call.tx.get(Session, request["sessionId"]))
    token, sent = _find_token(call, request), bool(request.get("sessionToken"))
    sessions.require_session_read(caller_of(call), session, token, sent=sent, profile=profile)
    return {"session": show_session(session, _user_of(call, session))}


def delete_session(call: Call, request: Request) -> Reply:
    """
    End a session.

    Raises:
        ZitadelRefusal: Nothing is changed.
    """
    profile = settings_of(call).zitadel_profile
    validate(session_messages.DELETE_SESSION, request)
    session = _load(call, request["sessionId"])
    token, sent = _find_token(call, request), bool(request.get("sessionToken"))
    sessions.require_session_delete(caller_of(call), session, token, sent=sent, profile=profile)
    if session.exists:
        session = sessions.end(session, now=call.now)
        call.tx.put(session)
    return {"details": _details(session)}


def list_sessions(call: Call, request: Request) -> Reply:
    """
    List sessions.

    Raises:
        ZitadelRefusal: The request is not valid.
    """
    profile = settings_of(call).zitadel_profile
    validate(session_messages.list_sessions(profile), request)
    caller = caller_of(call)
    candidates = call.tx.find(Session, **sessions.narrow_list(caller, profile))
    found = session_queries.find(candidates, request, caller=caller)
    page = session_queries.page(found, request)
    shown = sessions.leave_visible(page, caller, profile)
    details = {"totalResult": str(len(found))} if found else {}
    listed = [show_session(one, _user_of(call, one)) for one in shown]
    return {"details": {**details, "timestamp": timestamp(call.now)}, **({"sessions": listed} if listed else {})}


def _change(
    call: Call, session: Session, checks: Checks, request: Request, *, token: Secret, is_new: bool
) -> Reply | Refusal:
    """Run the checks of a request, make its other changes, and give the session a new token if anything changed."""
    user = checks.user or _user_of(call, session)
    before = session
    result = run_checks(session, user, checks, policies=policies_of(call, user) if user else None, now=call.now)
    if isinstance(result, RecordedRefusal):
        call.tx.put(note_state(user, result.user, now=call.now))
        return result.refusal
    session = sessions.replace_metadata(result.session, request.get("metadata", {}))
    session = sessions.set_lifetime(session, read_lifetime(request.get("lifetime")), now=call.now)
    reply: dict[str, Any] = {}
    if is_new or session != before:
        session = sessions.give_token(session, token, now=call.now)
        call.tx.put(session)
        if result.user is not None and result.user != user:
            call.tx.put(result.user)
        access_token = sessions.make_session_token(session, token, now=call.now)
        if access_token is not None:
            call.tx.put(access_token)
        reply["sessionToken"] = token.revealed
    if is_new:
        reply = {"sessionId": session.id, **reply}
    if "challenges" in request:
        reply["challenges"] = {}
    return {"details": _details(session), **reply}


def _details(session: Session) -> dict[str, str]:
    """Make the details of a session; nothing is known of one that nobody started."""
    if session.sequence == 0:
        return {}
    return details_of(session.sequence, session.changed_at or session.created_at, INSTANCE)


def _load(call: Call, session_id: str) -> Session:
    """Find a session to change; an unknown one has had no events."""
    found = call.tx.get(Session, session_id)
    return found or Session(session_id, created_at=call.now, sequence=0, exists=False)


def _find_token(call: Call, request: Request) -> AccessToken | None:
    """Find the record of the session token in a request."""
    token = request.get("sessionToken")
    return call.tx.get(AccessToken, digest(token)) if token else None


def _user_of(call: Call, session: Session) -> User | None:
    return call.tx.get(User, session.user_id) if session.user_id else None


def _read_checks(call: Call, checks: Mapping[str, Any]) -> Checks:
    password = checks.get("password")
    return Checks(
        _find_user(call, checks["user"]) if "user" in checks else None,
        None if password is None else candidate_of(call, password.get("password", "")),
        intent="idpIntent" in checks,
        totp="totp" in checks,
    )


def _find_user(call: Call, check: Mapping[str, str]) -> User:
    """Find the user whom a request names."""
    read_user_check(check)
    if "userId" in check:
        found = call.tx.get(User, check["userId"])
    else:
        found = next(iter(call.tx.find(User, login_name=check.get("loginName", "").lower())), None)
    return require_active_user(found)
