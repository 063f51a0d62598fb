"""
The operations of the service, for every protocol: load, ask the rules, save.

Requests and replies are messages by their JSON names, as ``messages`` describes them.
Each protocol translates its own form into them and back.
"""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.domain.hashing import Candidate
from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel import mails, messages, oidc
from watchword.systems.zitadel import rules as password_rules
from watchword.systems.zitadel.context import caller_of as _caller
from watchword.systems.zitadel.context import details_of as _details
from watchword.systems.zitadel.context import settings_of as _settings
from watchword.systems.zitadel.events import count_events, note_state
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal
from watchword.systems.zitadel.records import (
    INSTANCE,
    AccessToken,
    ClientSecret,
    ComplexityPolicy,
    MachineKey,
    Organisation,
    User,
)
from watchword.systems.zitadel.reset import CodeRequest, Medium, issue_code
from watchword.systems.zitadel.signin import SignIn, make_access_token, sign_in
from watchword.systems.zitadel.validation import validate

Request = Mapping[str, Any]
Reply = Mapping[str, Any]
Operation = Callable[[Call, Request], Reply | Refusal]
_MEDIA = {"NOTIFICATION_TYPE_Email": Medium.MAIL, "NOTIFICATION_TYPE_SMS": Medium.TEXT_MESSAGE}


def create_session(call: Call, request: Request) -> Reply | Refusal:
    """
    Start a session.

    Raises:
        ZitadelRefusal: Nothing is changed; a refusal that changes something is returned.
    """
    validate(messages.CREATE_SESSION, request)
    checks = request.get("checks", {})
    user = _find_user(call, checks.get("user", {}))
    password = checks.get("password")
    asked = SignIn("user" in checks, None if password is None else _candidate(call, password.get("password", "")))
    policies = _policies(call, user) if user else None
    chance = call.chance.of(user.id if user else "")
    result = sign_in(user, asked, policies=policies, session_id=chance.numeric_id(), now=call.now)
    if isinstance(result, RecordedRefusal):
        call.tx.put(note_state(user, result.user, now=call.now))
        return result.refusal
    token = Secret(chance.token())
    call.tx.put(result.session)
    if result.user is not None:
        call.tx.put(result.user)
    access_token = make_access_token(token, result.user, lifetime=_settings(call).session_lifetime, now=call.now)
    if access_token is not None:
        call.tx.put(access_token)
    session = {"sessionId": result.session.id, "sessionToken": token.revealed}
    return {"details": _details(result.session.sequence, call.now, INSTANCE), **session}


def set_password(call: Call, request: Request) -> Reply | Refusal:
    """
    Set a password.

    Raises:
        ZitadelRefusal: Nothing is changed; a refusal that changes something is returned.
    """
    validate(messages.SET_PASSWORD, request)
    user = call.tx.get(User, request["userId"])
    new = request.get("newPassword", {})
    current, code = request.get("currentPassword"), request.get("verificationCode")
    asked = password_rules.SetPassword(
        new=_candidate(call, new.get("password", "")),
        new_given="newPassword" in request,
        change_required=new.get("changeRequired", False),
        current=None if current is None else _candidate(call, current),
        code=None if code is None else Secret(code),
    )
    result = password_rules.set_password(
        user, asked, caller=_caller(call), policies=_policies(call, user), salt=call.chance.salt(), now=call.now
    )
    if isinstance(result, RecordedRefusal):
        call.tx.put(note_state(user, result.user, now=call.now))
        return result.refusal
    sent = _settings(call).notify_password_change and mails.send_password_changed(call.outbox, result)
    call.tx.put(count_events(result) if sent else result)
    return {"details": _details(result.sequence, call.now, result.organisation)}


def reset_password(call: Call, request: Request) -> Reply:
    """
    Make a code that allows its user to set a password.

    Raises:
        ZitadelRefusal: Nothing is changed.
    """
    validate(messages.PASSWORD_RESET, request)
    settings = _settings(call)
    issued = issue_code(
        call.tx.get(User, request["userId"]),
        _code_request(request),
        caller=_caller(call),
        profile=settings.zitadel_profile,
        portal_url=settings.portal_url,
        lifetime=settings.code_lifetime,
        external_texts=settings.sms_provider == "external",
        chance=call.chance,
        now=call.now,
    )
    user, delivery = issued.user, issued.delivery
    if delivery.to is None:
        call.tx.put(user)
    else:
        mails.send_code(call.outbox, delivery.to, delivery.medium, code=issued.code, link=issued.link)
        call.tx.put(count_events(user))
    answer: dict[str, Any] = {"details": _details(user.sequence, call.now, user.organisation)}
    if delivery.medium is Medium.ANSWER:
        answer["verificationCode"] = issued.code.revealed
    return answer


def issue_token(call: Call, form: Mapping[str, str]) -> Reply:
    """
    Issue an access token to a machine.

    Raises:
        OAuthRefusal: Nothing is changed.
    """
    if oidc.choose_grant(form) is oidc.Grant.ASSERTION:
        user_id = _owner_of_assertion(call, Secret(form.get("assertion", "")))
    else:
        header = call.headers.get("authorization")
        client = oidc.read_client(form, None if header is None else Secret(header))
        user_id = oidc.verify_secret(client, call.tx.get(ClientSecret, client.id))
    user = oidc.require_active_owner(call.tx.get(User, user_id))
    token, lifetime = Secret(call.chance.of(user.id).token()), oidc.limit_lifetime(call.now)
    call.tx.put(AccessToken(digest(token), user.id, expires_at=lifetime.expires_at, issued_at=call.now))
    return {"access_token": token.revealed, "token_type": "Bearer", "expires_in": lifetime.expires_in}


def _owner_of_assertion(call: Call, assertion: Secret) -> str:
    key_id, now = oidc.read_key_id(assertion), call.wall_clock()
    key = None if key_id is None else call.tx.get(MachineKey, key_id)
    claims = oidc.verify_signature(assertion, key_id, key, now=now)
    assert key is not None  # noqa: S101  # the rule refuses an unknown key
    return oidc.verify_claims(claims, key, issuer=call.root_url, now=now)


def _code_request(request: Request) -> CodeRequest:
    if "returnCode" in request:
        return CodeRequest(Medium.ANSWER)
    link = request.get("sendLink", {})
    return CodeRequest(_MEDIA.get(link.get("notificationType")), link.get("urlTemplate"))


def _find_user(call: Call, check: Mapping[str, str]) -> User | None:
    if "userId" in check:
        return call.tx.get(User, check["userId"])
    if "loginName" in check:
        return next(iter(call.tx.find(User, login_name=check["loginName"].lower())), None)
    return None


def _candidate(call: Call, password: str) -> Candidate:
    return call.hasher.candidate(Secret(password))


def _policies(call: Call, user: User | None) -> EffectivePolicies:
    settings = _settings(call)
    organisation = call.tx.get(Organisation, user.organisation) if user else None
    complexity = organisation.complexity if organisation else None
    attempts = organisation.max_password_attempts if organisation else None
    return EffectivePolicies(
        complexity or ComplexityPolicy(**settings.complexity.model_dump()),
        settings.lockout.max_password_attempts if attempts is None else attempts,
        settings.zitadel_profile,
        hash_limit=settings.hash_limit,
    )
