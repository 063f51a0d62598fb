"""
The operations of the service, for every protocol: load, ask the rules, save.

Requests and replies are messages by their JSON names, as ``messages`` describes them.
Each protocol translates its own form into them and back.
"""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.system import Call
from watchword.systems.zitadel import mails, messages
from watchword.systems.zitadel import rules as password_rules
from watchword.systems.zitadel.context import caller_of, candidate_of, details_of, policies_of, settings_of
from watchword.systems.zitadel.events import count_events, note_state
from watchword.systems.zitadel.proofs import RecordedRefusal
from watchword.systems.zitadel.records import User
from watchword.systems.zitadel.reset import CodeRequest, Medium, issue_code
from watchword.systems.zitadel.validation import validate

Request = Mapping[str, Any]
Reply = Mapping[str, Any]
Operation = Callable[[Call, Request], Reply | Refusal]
_MEDIA = {"NOTIFICATION_TYPE_Email": Medium.MAIL, "NOTIFICATION_TYPE_SMS": Medium.TEXT_MESSAGE}


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
        new=candidate_of(call, new.get("password", "")),
        new_given="newPassword" in request,
        change_required=new.get("changeRequired", False),
        current=None if current is None else candidate_of(call, current),
        code=None if code is None else Secret(code),
    )
    result = password_rules.set_password(
        user, asked, caller=caller_of(call), policies=policies_of(call, user), salt=call.chance.salt(), now=call.now
    )
    if isinstance(result, RecordedRefusal):
        call.tx.put(note_state(user, result.user, now=call.now))
        return result.refusal
    sent = settings_of(call).notify_password_change and mails.send_password_changed(call.outbox, result)
    call.tx.put(count_events(result) if sent else result)
    return {"details": details_of(result.sequence, call.now, result.organisation)}


def reset_password(call: Call, request: Request) -> Reply:
    """
    Make a code that allows its user to set a password.

    Raises:
        ZitadelRefusal: Nothing is changed.
    """
    validate(messages.PASSWORD_RESET, request)
    settings = settings_of(call)
    issued = issue_code(
        call.tx.get(User, request["userId"]),
        _code_request(request),
        caller=caller_of(call),
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
    answer: dict[str, Any] = {"details": details_of(user.sequence, call.now, user.organisation)}
    if delivery.medium is Medium.ANSWER:
        answer["verificationCode"] = issued.code.revealed
    return answer


def _code_request(request: Request) -> CodeRequest:
    if "returnCode" in request:
        return CodeRequest(Medium.ANSWER)
    link = request.get("sendLink", {})
    return CodeRequest(_MEDIA.get(link.get("notificationType")), link.get("urlTemplate"))
