"""REST operations to rules and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from watchword.domain.refusal import Refusal
from watchword.domain.tokens import digest
from watchword.system import Answer, Call, computes_hashes
from watchword.systems.zitadel import mails, messages
from watchword.systems.zitadel.access import Caller
from watchword.systems.zitadel.proofs import House, Marked
from watchword.systems.zitadel.records import INSTANCE, AccessToken, ComplexityPolicy, Organisation, User
from watchword.systems.zitadel.reset import Medium, Reset, recipient, reset_password
from watchword.systems.zitadel.rules import SetPassword
from watchword.systems.zitadel.rules import set_password as password_set
from watchword.systems.zitadel.settings import ZitadelSettings
from watchword.systems.zitadel.signin import SignIn, sign_in
from watchword.systems.zitadel.validation import validate


@computes_hashes
def set_password(call: Call) -> Answer | Refusal:
    """Set a password."""
    return _set_password(call, messages.SET_PASSWORD)


@computes_hashes
def set_password_v2beta(call: Call) -> Answer | Refusal:
    """Set a password, by the older package."""
    return _set_password(call, messages.SET_PASSWORD_V2BETA)


def password_reset(call: Call) -> Answer:
    """Make a code."""
    return _password_reset(call, messages.PASSWORD_RESET)


def password_reset_v2beta(call: Call) -> Answer:
    """Make a code, by the older package."""
    return _password_reset(call, messages.PASSWORD_RESET_V2BETA)


@computes_hashes
def create_session(call: Call) -> Answer | Refusal:
    """Start a session."""
    body: Mapping[str, Any] = call.body
    validate(messages.CREATE_SESSION, body)
    checks = body.get("checks", {})
    user = _found(call, checks.get("user", {}))
    password = checks.get("password")
    wish = SignIn("user" in checks, call.hasher.candidate(password["password"]) if password else None)
    house = _house(call, user) if user else None
    result = sign_in(user, wish, house=house, session_id=call.chance.numeric_id(), now=call.now)
    if isinstance(result, Marked):
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
    return Answer(201, {"details": _details(result.session.sequence, call.now, INSTANCE), **made})


def _set_password(call: Call, message: messages.Message) -> Answer | Refusal:
    body: Mapping[str, Any] = call.body
    validate(message, {**body, **call.path})
    user = call.tx.get(User, call.path["userId"])
    new = body.get("newPassword", {})
    current = body.get("currentPassword")
    wish = SetPassword(
        new=call.hasher.candidate(new.get("password", "")),
        new_given="newPassword" in body,
        change_required=new.get("changeRequired", False),
        current=None if current is None else call.hasher.candidate(current),
        code=body.get("verificationCode"),
    )
    result = password_set(
        user, wish, caller=_caller(call), house=_house(call, user), salt=call.chance.salt(), now=call.now
    )
    if isinstance(result, Marked):
        call.tx.put(result.user)
        return result.refusal
    told = _settings(call).notify_password_change and mails.password_changed(call.outbox, result)
    call.tx.put(replace(result, sequence=result.sequence + 1) if told else result)
    return Answer(200, {"details": _details(result.sequence, call.now, result.organisation)})


def _password_reset(call: Call, message: messages.Message) -> Answer:
    body: Mapping[str, Any] = call.body
    validate(message, {**body, **call.path})
    settings = _settings(call)
    wish = _reset(body)
    issued = reset_password(
        call.tx.get(User, call.path["userId"]),
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
    return Answer(200, answer)


def _reset(body: Mapping[str, Any]) -> Reset:
    if "returnCode" in body:
        return Reset(Medium.ANSWER)
    link = body.get("sendLink", {})
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


def _house(call: Call, user: User | None) -> House:
    settings = _settings(call)
    organisation = call.tx.get(Organisation, user.organisation) if user else None
    complexity = organisation.complexity if organisation else None
    attempts = organisation.max_password_attempts if organisation else None
    return House(
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
