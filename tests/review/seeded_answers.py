"""Changes of what one side is, and an answer in which each has to show, with its cause."""

# ruff: noqa: FBT003  # values of settings

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.review.behaviour_diff.changed_answer import Means
from watchword.system.document_settings import KEY

_M, _E, _Z = "weavr_multi", "entrust", "zitadel"


@dataclass(frozen=True)
class Change:
    """
    A change.

    Args:
        means: What it is of.
        cause: What has to be named: a setting, a mutant, or a pointer in the operation.
        operation: One that answers otherwise, by the part of its id after the dot.
        difference: How it does.
        actions: Of an overlay that HEAD has.
        mutants: That HEAD has.
    """

    system: str
    means: Means
    cause: str
    operation: str
    difference: str
    actions: Sequence[Mapping[str, Any]] = ()
    mutants: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The change as people read it."""
        return f"{self.means} {self.cause}: {self.operation} {self.difference}"

    @property
    def is_visible(self) -> bool:
        """Whether the documents say what clients notice; that a setting is another says nothing of that."""
        return self.means is Means.DOCUMENT


def _setting(system: str, name: str, value: Any, operation: str, difference: str) -> Change:
    settings: Any = value
    for step in reversed(name.split(".")):
        settings = {step: settings}
    actions = ({"target": "$", "update": {KEY: {system: settings}}},)
    return Change(system, Means.SETTING, f"{system}.{name}", operation, difference, actions)


def _mutant(system: str, mutant: str, operation: str, difference: str) -> Change:
    return Change(system, Means.MUTANT, mutant, operation, difference, mutants=(mutant,))


def _document(target: str, update: Mapping[str, Any], cause: str, operation: str, difference: str) -> Change:
    system, _, name = operation.partition(".")
    actions = ({"target": f"$.components.{target}", "update": update},)
    return Change(system, Means.DOCUMENT, cause, name, difference, actions)


_BODY = "/requestBody/content/application~1json/schema"
_MAIL = "mails: 1 mail → 0 mails"

CHANGES = (
    _setting(_M, "programme.history", 3, "update_password", "409 PASSWORD_ALREADY_USED → 200"),
    _setting(
        _M, "programme.root_profile.minimum", 10, "validate_password", "204 without a body → 409 PASSWORD_TOO_SHORT"
    ),
    # A scenario has no such password by itself: its length is between both.
    _setting(_M, "programme.root_profile.minimum", 12, "create_password", "200 → 409 PASSWORD_TOO_SHORT"),
    _setting(_M, "programme.root_profile.minimum", 12, "update_password", "200 → 409 PASSWORD_TOO_SHORT"),
    _setting(_M, "programme.root_profile.minimum", 12, "resume_lost_password", "200 → 409 PASSWORD_TOO_SHORT"),
    _setting(_M, "programme.user_profile.minimum", 16, "consume_invite", "200 → 409 PASSWORD_TOO_SHORT"),
    _setting(
        _M, "programme.root_profile.maximum", 64, "validate_password", "409 PASSWORD_TOO_LONG → 204 without a body"
    ),
    _setting(_M, "programme.root_profile.classes", 3, "create_password", "409 PASSWORD_TOO_SIMPLE → 200"),
    _setting(
        _M,
        "programme.root_profile.expires_after",
        "P30D",
        "update_password",
        "body/passwordInfo/expiryDate: no moment → a moment",
    ),
    _setting(_M, "programme.session_lifetime", "PT1M", "list_users", "200 → 401 without a body"),
    _setting(
        _M,
        "programme.invite_lifetime",
        "P1D",
        "validate_invite",
        "204 without a body → 409 INVITE_OR_INVITE_CODE_INVALID",
    ),
    _setting(_M, "programme.lock_after", 3, "login_with_password", "200 → 423 without a body"),
    _setting(_M, "programme.locked_for", "PT5M", "login_with_password", "423 without a body → 200"),
    _setting(_M, "programme.reset_unlocks", True, "login_with_password", "423 without a body → 200"),
    _setting(
        _M,
        "programme.multiple_accounts_found",
        False,
        "start_lost_password",
        "409 MULTIPLE_ACCOUNTS_FOUND → 204 without a body",
    ),
    _setting(
        _M,
        "programme.silent_lost_password",
        True,
        "start_lost_password",
        "409 ACCOUNT_NOT_FOUND → 204 without a body",
    ),
    _setting(_M, "programme.token_type", "AUTH", "login_with_password", "body/tokenType: 'ACCESS' → 'AUTH'"),
    _setting(_M, "programme.unique_login_key", False, "create_password", "409 PASSWORD_KEY_ALREADY_IN_USE → 200"),
    _setting(_M, "programme.present_counts", False, "resume_lost_password", "409 PASSWORD_ALREADY_USED → 200"),
    _setting(
        _M,
        "programme.unresolved_without_profiles",
        False,
        "validate_password",
        "409 UNRESOLVED_IDENTITY → 409 PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE",
    ),
    _setting(
        _M,
        "portal_url",
        "https://portal.example",
        "start_lost_password",
        "mails: “Reset Your Password” with a link to http://localhost:3000/set-password/…/…"
        " → “Reset Your Password” with a link to https://portal.example/set-password/…/…",
    ),
    _setting(_M, "maintenance", True, "login_with_password", "200 → 503 without a body"),
    _setting(_E, "password.number_of_numeric_required", 2, "set_password", "200 → 400 invalid_password"),
    _setting(_E, "password.minimum_length", 10, "validate_password", "body/length: True → False"),
    _setting(_E, "password.minimum_lifetime", 1, "set_password", "200 → 409 password_minimum_lifetime"),
    _setting(_E, "password.password_history_size", 2, "set_password", "400 invalid_password → 200"),
    _setting(
        _E,
        "password.lifetime_days",
        30,
        "get_password",
        "body/expiryTime: 7776000 seconds from now → 2592000 seconds from now",
    ),
    _setting(_E, "password.include_nonalphanumeric", "REQUIRED", "set_password", "200 → 400 invalid_password"),
    _setting(_E, "inactive_users_refused", False, "set_password", "409 user_inactive → 200"),
    _setting(_E, "external_users_refused", False, "set_password", "409 password_managed_elsewhere → 200"),
    _setting(_E, "past_expiry_times_refused", False, "set_password", "400 expiry_time_in_past → 200"),
    _setting(
        _E,
        "removal_for_local_users_only",
        False,
        "delete_password",
        "409 password_managed_elsewhere → 200 without a body",
    ),
    _setting(_Z, "complexity.min_length", 12, "set_password", "200 → 400 DOMAIN-HuJf6"),
    _setting(_Z, "code_minutes", 5, "set_password", "200 → 400 CODE-QvUQ4P"),
    _setting(_Z, "notify_password_change", False, "set_password", _MAIL),
    _setting(_Z, "lockout.max_password_attempts", 3, "set_password", "200 → 400 COMMAND-JLK35"),
    _setting(_Z, "zitadel_profile", "v4.6", "create_session", "201 → 404 AUTHZ-cdgFk"),
    _mutant(_M, "weavr.password.history/gone", "resume_lost_password", "409 PASSWORD_ALREADY_USED → 200"),
    _mutant(
        _M,
        "weavr.password.length/requirements.maximum-minus-1",
        "validate_password",
        "204 without a body → 409 PASSWORD_TOO_LONG",
    ),
    _mutant(
        _M,
        "weavr.password.length/after-weavr.password.complexity",
        "update_password",
        "409 PASSWORD_TOO_SHORT → 409 PASSWORD_TOO_SIMPLE",
    ),
    _mutant(
        _M,
        "weavr.create.once/after-weavr.create.login-key",
        "consume_invite",
        "409 PASSWORD_ALREADY_CREATED → 409 INVITE_OR_INVITE_CODE_INVALID",
    ),
    _mutant(_M, "weavr.login.locked/now-plus-minute", "login_with_password", "423 without a body → 200"),
    _mutant(_M, "weavr.nonce.lifetime/gone", "resume_lost_password", "409 INVALID_NONCE_OR_EMAIL → 200"),
    _mutant(_M, "weavr.nonce.redeemed/gone", "resume_lost_password", "409 INVALID_NONCE_OR_EMAIL → 200"),
    _mutant(
        _M, "weavr.invite.redeemed/gone", "validate_invite", "409 INVITE_OR_INVITE_CODE_INVALID → 204 without a body"
    ),
    _mutant(_M, "weavr.session.sliding/now-minus-minute", "list_users", "200 → 401 without a body"),
    _mutant(_M, "weavr.update.old-password/gone", "update_password", "409 PASSWORD_INCORRECT → 200"),
    _mutant(_M, "weavr.token.lifetime/now-plus-minute", "create_password", "410 TOKEN_EXPIRED → 200"),
    _mutant(_M, "weavr.create.once/user.password-unseen", "create_password", "409 PASSWORD_ALREADY_CREATED → 200"),
    _mutant(_M, "weavr_multi.invite_user/unsent", "invite_user", _MAIL),
    _mutant(_M, "weavr_multi.invite_user/sent-twice", "invite_user", "mails: 0 mails → 1 mail"),
    _mutant(_M, "weavr_multi.consume_invite/unsaved", "consume_invite", "409 PASSWORD_ALREADY_CREATED → 200"),
    _mutant(_M, "weavr_multi.login_with_password/unmarked", "login_with_password", "423 without a body → 200"),
    _mutant(_M, "weavr_multi.update_password/unsaved", "update_password", "200 → 401 without a body"),
    _mutant(_M, "weavr_multi.logout/unsaved", "update_password", "401 without a body → 200"),
    _mutant(_E, "entrust.history.cleared-first/gone", "set_password", "200 → 400 invalid_password"),
    _mutant(
        _E, "entrust.password.force-update/parms.force_update-not", "get_password", "body/forceUpdate: True → False"
    ),
    _mutant(
        _E,
        "entrust.user.external/after-entrust.password.expiry-in-future",
        "set_password",
        "409 password_managed_elsewhere → 400 expiry_time_in_past",
    ),
    _mutant(
        _E,
        "entrust.removal.local-only/user.type-other",
        "delete_password",
        "200 without a body → 409 password_managed_elsewhere",
    ),
    _document(
        "schemas.WeavrEmail",
        {"maxLength": 12},
        f"{_BODY}/properties/email",
        "weavr_multi.start_lost_password",
        "204 without a body → 400 SIZE",
    ),
    _document(
        "schemas.WeavrInviteCode",
        {"pattern": "^[0-9]{7}$"},
        f"{_BODY}/properties/inviteCode",
        "weavr_multi.consume_invite",
        "200 → 400 REGEX",
    ),
    _document(
        "schemas.MultiUpdatePassword",
        {"required": ["reason"], "properties": {"reason": {"type": "string"}}},
        f"{_BODY}/properties/reason",
        "weavr_multi.update_password",
        "200 → 400 REQUIRED",
    ),
    _document(
        "parameters.MultiUserId.schema",
        {"pattern": "^[a-z]+$"},
        "/parameters/path/0/schema",
        "weavr_multi.get_user",
        "200 → 400 REGEX",
    ),
    _document(
        "schemas.EntrustUserPasswordParms.properties.currentPassword",
        {"maxLength": 5},
        f"{_BODY}/properties/currentPassword",
        "entrust.set_password",
        "200 → 400 invalid_request_body",
    ),
    _document(
        "schemas.EntrustUserPasswordParms.properties.password",
        {"maxLength": 40},
        f"{_BODY}/properties/password",
        "entrust.set_password",
        "200 → 400 invalid_request_body",
    ),
)
"""Most of them are in no document."""
