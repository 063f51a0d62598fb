"""
The operations that read settings, for every protocol.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5. What a sandbox has no setting for is the service's default; a
    second factor is never asked for here, so skipping it lasts no time.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from watchword.domain.rule import OBSERVED, returns, rule
from watchword.system import Call
from watchword.systems.zitadel.context import caller_of, details_of, settings_of, timestamp
from watchword.systems.zitadel.permissions import require_policy_read
from watchword.systems.zitadel.records import INSTANCE, ComplexityPolicy, Organisation, User
from watchword.systems.zitadel.settings import Profile
from watchword.systems.zitadel.settings_messages import REQUESTS
from watchword.systems.zitadel.validation import validate

Request = Mapping[str, Any]
Reply = Mapping[str, Any]
Operation = Callable[[Call, Request], Reply]
_LANGUAGES = ("bg", "cs", "de", "en", "es", "fr", "hu", "id", "it", "ja", "mk", "nl", "pl", "pt", "ru", "sv", "zh")
_LANGUAGES_SINCE_V4 = tuple(sorted((*_LANGUAGES, "ko", "ro", "tr")))


class Found(NamedTuple):
    """
    Settings that apply.

    Args:
        sequence: Of the event that set them, as recorded.
        own: Whether the organisation has them for itself, and not from the instance.
        values: Without what is false or zero.
    """

    sequence: int
    own: bool
    values: Mapping[str, Any]


def get_general_settings(call: Call, request: Request) -> Reply:
    """
    Read what is general about the instance.

    Raises:
        ZitadelRefusal: The caller may not.
    """
    _begin(call, "zitadel.settings.v2.GetGeneralSettingsRequest", request)
    since_v4 = settings_of(call).zitadel_profile.is_v4
    return {
        "defaultOrgId": _first_organisation(call).id,
        "defaultLanguage": "en",
        "supportedLanguages": list(_LANGUAGES_SINCE_V4 if since_v4 else _LANGUAGES),
    }


def _reading(name: str, find: Callable[[Call, Organisation | None], Found]) -> Operation:
    """Make the operation that reads the settings called *name*, in either package."""
    message = f"zitadel.settings.v2.Get{name}SettingsRequest"

    def read(call: Call, request: Request) -> Reply:
        calling = _begin(call, message, request)
        context = request.get("ctx", {})
        asked_for = choose_owner(context, calling)
        organisation = None if asked_for == INSTANCE else call.tx.get(Organisation, asked_for)
        found = find(call, organisation)
        own = organisation if found.own else None
        created = (own or _first_organisation(call)).created_at
        details = details_of(found.sequence, created, own.id if own else INSTANCE)
        if settings_of(call).zitadel_profile.shows_creation:
            details["creationDate"] = timestamp(created)
        owner_type = "RESOURCE_OWNER_TYPE_ORG" if own else "RESOURCE_OWNER_TYPE_INSTANCE"
        return {"details": details, "settings": {**found.values, "resourceOwnerType": owner_type}}

    return read


@rule(
    "zitadel.settings.owner",
    OBSERVED,
    "recorded answers of v2.65.3, v4.2.2 and v4.6.5",
    without=returns(INSTANCE),
    compares=lambda context, calling: {
        "organisation": "orgId" in context,
        "instance": "instance" in context,
        "calling": calling,
    },
)
def choose_owner(context: Mapping[str, Any], calling: str) -> str:
    """
    The settings are those of the organisation in ``ctx``, or of the instance if ``ctx`` says so, or else of the
    organisation of the call; an unknown or empty organisation has the instance's.

    Args:
        calling: The organisation in the header ``x-zitadel-orgid``, or else the caller's own.

    Returns:
        The id of an organisation, which may not exist, or of the instance.
    """
    if context.get("instance"):
        return INSTANCE
    return str(context.get("orgId", calling))


def _find_complexity(call: Call, organisation: Organisation | None) -> Found:
    own = organisation.complexity if organisation else None
    policy = own or ComplexityPolicy(**settings_of(call).complexity.model_dump())
    required = {
        "requiresUppercase": policy.upper,
        "requiresLowercase": policy.lower,
        "requiresNumber": policy.number,
        "requiresSymbol": policy.symbol,
    }
    values = {"minLength": str(policy.min_length), **{name: True for name, wanted in required.items() if wanted}}
    return Found(6 if own else 12, own is not None, values)


def _find_lockout(call: Call, organisation: Organisation | None) -> Found:
    own = organisation.max_password_attempts if organisation else None
    attempts = settings_of(call).lockout.max_password_attempts if own is None else own
    values = {"maxPasswordAttempts": str(attempts)} if attempts else {}
    return Found(21 if own is None else 7, own is not None, values)


def _find_expiry(_call: Call, _organisation: Organisation | None) -> Found:
    return Found(13, own=False, values={})


def _find_domain(_call: Call, _organisation: Organisation | None) -> Found:
    return Found(14, own=False, values={})


def _find_login(call: Call, _organisation: Organisation | None) -> Found:
    local = {"allowLocalAuthentication": True} if settings_of(call).zitadel_profile is Profile.V4_6 else {}
    return Found(18, own=False, values={**_LOGIN, **local})


_LOGIN: Mapping[str, Any] = {
    "allowUsernamePassword": True,
    "allowRegister": True,
    "allowExternalIdp": True,
    "passkeysType": "PASSKEYS_TYPE_ALLOWED",
    "passwordCheckLifetime": "864000s",
    "externalLoginCheckLifetime": "864000s",
    "mfaInitSkipLifetime": "0s",
    "secondFactorCheckLifetime": "64800s",
    "multiFactorCheckLifetime": "43200s",
    "secondFactors": ["SECOND_FACTOR_TYPE_OTP", "SECOND_FACTOR_TYPE_U2F"],
    "multiFactors": ["MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION"],
    "allowDomainDiscovery": True,
}
get_login_settings = _reading("Login", _find_login)
get_login_settings_v2beta = _reading("Login", lambda _call, _organisation: Found(18, own=False, values=_LOGIN))
get_password_complexity_settings = _reading("PasswordComplexity", _find_complexity)
get_password_expiry_settings = _reading("PasswordExpiry", _find_expiry)
get_domain_settings = _reading("Domain", _find_domain)
get_lockout_settings = _reading("Lockout", _find_lockout)


def _begin(call: Call, message: str, request: Request) -> str:
    """
    Check what is checked before any settings are read.

    Returns:
        The organisation of the call.
    """
    caller = caller_of(call)
    user = call.tx.get(User, caller.user_id)
    calling = call.headers.get("x-zitadel-orgid") or (user.organisation if user else "")
    require_policy_read(caller, organisation=calling)
    validate(REQUESTS[message], request)
    return calling


def _first_organisation(call: Call) -> Organisation:
    """Find the organisation that was created with the instance: ids grow. An imported instance may have none."""
    return min(call.tx.find(Organisation), key=lambda one: (len(one.id), one.id), default=Organisation("", ""))
