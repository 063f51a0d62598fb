"""
The operations of the service, whatever protocol they are called by: load, ask the rules, save.

What is asked and what is answered are messages by their JSON names, as ``messages`` describes them;
each face turns its own form into these and back, and decides nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel import mails, messages, oidc
from watchword.systems.zitadel.access import Caller
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
from watchword.systems.zitadel.reset import Medium, Reset, recipient
from watchword.systems.zitadel.reset import reset_password as code_made
from watchword.systems.zitadel.rules import SetPassword
from watchword.systems.zitadel.rules import set_password as password_set
from watchword.systems.zitadel.settings import ZitadelSettings
from watchword.systems.zitadel.signin import SignIn, sign_in
from watchword.systems.zitadel.validation import validate

Asked = Mapping[str, Any]
Reply = Mapping[str, Any]
Operation = Callable[[Call, Asked], Reply | Refusal]


def create_session(call: Call, asked: Asked) -> Reply | Refusal:
    """Start a session."""
    validate(messages.CREATE_SESSION, asked)
    checks = asked.get("checks", {})
    user = _found(call, checks.get("user", {}))
    password = checks.get("password")
    wish = SignIn("user" in checks, call.hasher.candidate(Secret(password["password"])) if password else None)
    policies = _policies(call, user) if user else None
    result = sign_in(user, wish, policies=policies, session_id=call.chance.numeric_id(), now=call.now)
    if isinstance(result, RecordedRefusal):
        call.tx.put(result.user)
        return result.refusal
    token = call.chance.token()
    call.tx.put(result.session)
    if result.user is not None:
        call.tx.put(result.user)
        lifetime = _settings(call).session_lifetime
        expires_at = call.now + lifetime if lifetime else None
        call.tx.put(AccessToken(digest(token), result.user.id, expires_at=expires_at, issued_at=call.now))
    made = {"sessionId": result.session.id, "sessionToken": token}
    return {"details": _details(result.session.sequence, call.now, INSTANCE), **made}


def set_password(call: Call, asked: Asked) -> Reply | Refusal:
    """Set a password."""
    validate(messages.SET_PASSWORD, asked)
    user = call.tx.get(User, asked["userId"])
    new = asked.get("newPassword", {})
    current = asked.get("currentPassword")
    wish = SetPassword(
        new=call.hasher.candidate(Secret(new.get("password", ""))),
        new_given="newPassword" in asked,
        change_required=new.get("changeRequired", False),
        current=None if current is None else call.hasher.candidate(Secret(current)),
        code=asked.get("verificationCode"),
    )
    result = password_set(
        user, wish, caller=_caller(call), policies=_policies(call, user), salt=call.chance.salt(), now=call.now
    )
    if isinstance(result, RecordedRefusal):
        call.tx.put(result.user)
        return result.refusal
    told = _settings(call).notify_password_change and mails.password_changed(call.outbox, result)
    call.tx.put(replace(result, sequence=result.sequence + 1) if told else result)
    return {"details": _details(result.sequence, call.now, result.organisation)}


def password_reset(call: Call, asked: Asked) -> Reply:
    """Make a code."""
    validate(messages.PASSWORD_RESET, asked)
    settings = _settings(call)
    wish = _reset(asked)
    issued = code_made(
        call.tx.get(User, asked["userId"]),
        wish,
        caller=_caller(call),
        portal_url=settings.portal_url,
        lifetime=settings.code_lifetime,
        external_texts=settings.sms_provider == "external",
        chance=call.chance,
        now=call.now,
    )
    user = issued.user
    to = recipient(user, wish.medium)
    if to is not None:
        mails.code_issued(call.outbox, to, wish.medium, code=issued.code, link=issued.link)
    call.tx.put(user if to is None else replace(user, sequence=user.sequence + 1))
    answer: dict[str, Any] = {"details": _details(user.sequence, call.now, user.organisation)}
    if wish.medium is Medium.ANSWER:
        answer["verificationCode"] = issued.code
    return answer


def token(call: Call, asked: Mapping[str, str]) -> Reply:
    """Give a machine a token."""
    if oidc.grant_of(asked) is oidc.Grant.ASSERTION:
        assertion = asked.get("assertion", "")
        key = call.tx.get(MachineKey, oidc.key_id(assertion))
        claims = oidc.signed(assertion, key)
        assert key is not None  # noqa: S101  # or nothing would be signed with it
        user_id = oidc.vouched(claims, key, issuer=call.root_url, now=call.wall_clock())
    else:
        client = oidc.client_of(asked, call.headers.get("authorization"))
        user_id = oidc.proven(client, call.tx.get(ClientSecret, client.id))
    user = oidc.active(call.tx.get(User, user_id))
    made = call.chance.token()
    call.tx.put(AccessToken(digest(made), user.id, expires_at=call.now + oidc.LIFETIME, issued_at=call.now))
    return oidc.lifetime(made)


def _reset(asked: Asked) -> Reset:
    if "returnCode" in asked:
        return Reset(Medium.ANSWER)
    link = asked.get("sendLink", {})
    text_message = link.get("notificationType") == "NOTIFICATION_TYPE_SMS"
    return Reset(Medium.TEXT_MESSAGE if text_message else Medium.MAIL, link.get("urlTemplate"))


def _found(call: Call, check: Mapping[str, str]) -> User | None:
    if "userId" in check:
        return call.tx.get(User, check["userId"])
    if "loginName" in check:
        return next(iter(call.tx.find(User, login_name=check["loginName"].lower())), None)
    return None


def _caller(call: Call) -> Caller:
    caller = call.callers["accessToken"]
    assert isinstance(caller, Caller)  # noqa: S101  # what our verifier returns
    return caller


def _settings(call: Call) -> ZitadelSettings:
    settings = call.settings
    assert isinstance(settings, ZitadelSettings)  # noqa: S101  # what our system declares
    return settings


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


def _details(sequence: int, now: datetime, owner: str) -> dict[str, str]:
    """Shape the part of an answer that every change has; times with no, three or six decimals."""
    fraction = "seconds" if now.microsecond == 0 else "milliseconds" if now.microsecond % 1000 == 0 else "microseconds"
    moment = now.replace(tzinfo=None).isoformat(timespec=fraction)
    return {"sequence": str(sequence), "changeDate": f"{moment}Z", "resourceOwner": owner}
