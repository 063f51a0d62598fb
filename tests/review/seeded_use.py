"""Changes of what the imitated systems do, and which of the small consumers each of them touches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.review.seeded import GONE, Seed
from watchword.described import load_document
from watchword.document.extract import prune_components
from watchword.system.document_settings import KEY

_RESET, _LOGIN, _ACCOUNT, _OFFICE = "reset-page", "login-page", "account-page", "back-office"
_MACHINE, _SIGN_IN, _DESK = "provisioning", "sign-in", "help-desk"
_WEAVR = frozenset((_RESET, _LOGIN, _ACCOUNT, _OFFICE))
OPERATIONS = (
    *("/login_with_password", "/passwords/update", "/passwords/validate", "/users", "/users/{user_id}"),
    *("/passwords/lost_password/start", "/passwords/lost_password/resume", "/logout"),
    *("/v2/users/{userId}", "/v2/users/{userId}/password", "/v2/users/{userId}/password_reset"),
    *("/v2/sessions", "/v2/sessions/{sessionId}"),
    *("/api/web/v1/users/{userid}/passwords", "/api/web/v1/users/{userid}/settings/password"),
)
"""The paths that the consumers know; a document without the others is compared several times as quickly."""


def read_base() -> dict[str, Any]:
    """Read our own document, without what the consumers do not know."""
    content = load_document().content
    paths = {path: item for path, item in content["paths"].items() if path in OPERATIONS}
    return prune_components({**content, "paths": paths})


@dataclass(frozen=True)
class Use:
    """
    A change.

    Args:
        name: What changes, for people.
        consumers: Those that notice, and no others.
        at: A place in the document that gets another *value*; empty if the document stays.
        settings: By system.
        mutants: Rules that are broken.
    """

    name: str
    consumers: frozenset[str]
    at: str = ""
    value: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    mutants: tuple[str, ...] = ()

    @property
    def is_visible(self) -> bool:
        """Whether the document says what clients notice; that a setting is another says nothing of that."""
        return bool(self.at)

    def apply(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Change a copy of a document."""
        changed = Seed("", self.at, self.value, frozenset()).apply(content) if self.at else dict(content)
        return {**changed, KEY: dict(self.settings)} if self.settings else changed


def _in_document(name: str, at: str, value: Any, *consumers: str) -> Use:
    return Use(name, frozenset(consumers), at, value)


def _set(name: str, system: str, settings: Mapping[str, Any], *consumers: str) -> Use:
    return Use(name, frozenset(consumers), settings={system: settings})


def _broken(mutant: str, *consumers: str) -> Use:
    return Use(mutant, frozenset(consumers), mutants=(mutant,))


_M, _Z, _E = "weavr_multi", "zitadel", "entrust"
_SCHEMAS = "/components/schemas"


def _main(**settings: Any) -> Mapping[str, Any]:
    """Set something of the programme of most people."""
    return {"programme": settings}


def _needs(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


USES = (
    _in_document("no more log-in", "/paths/~1login_with_password/post", GONE, _LOGIN, _ACCOUNT),
    _in_document("no more list of users", "/paths/~1users/get", GONE, _OFFICE),
    _in_document("no more end of sessions", "/paths/~1v2~1sessions~1{sessionId}/delete", GONE, _SIGN_IN),
    _in_document("no more log-out, which nobody calls", "/paths/~1logout/post", GONE),
    _in_document("no more state of passwords", "/paths/~1api~1web~1v1~1users~1{userid}~1passwords/get", GONE, _DESK),
    _in_document(
        "a header for log-ins", "/paths/~1login_with_password/post/parameters/-", _needs("x-device"), _LOGIN, _ACCOUNT
    ),
    _in_document("a header for updates", "/paths/~1passwords~1update/post/parameters/-", _needs("x-device"), _ACCOUNT),
    _in_document("a header for log-outs", "/paths/~1logout/post/parameters/-", _needs("x-device")),
    _in_document(
        "a device for log-ins", f"{_SCHEMAS}/MultiLogIn/required", ["email", "password", "device"], _LOGIN, _ACCOUNT
    ),
    _in_document("pages of one user", "/components/parameters/WeavrLimit/schema/maximum", 1, _OFFICE),
    _in_document("pages of five users", "/components/parameters/WeavrLimit/schema/maximum", 5),
    _in_document("another text", f"{_SCHEMAS}/MultiLogIn/description", "What opens the door."),
    _in_document(
        "a token for lost passwords",
        "/paths/~1passwords~1lost_password~1start/post/security",
        [{"auth_token": [], "api-key": []}],
        _RESET,
    ),
    _in_document(
        "log-ins below the vendor's path only", "/paths/~1login_with_password/post/x-base-paths", [], _LOGIN, _ACCOUNT
    ),
    _set("longer passwords", _M, _main(root_profile={"minimum": 10}), _ACCOUNT),
    _set("much longer passwords", _M, _main(root_profile={"minimum": 15}), _ACCOUNT, _RESET),
    _set("shorter passwords", _M, _main(root_profile={"minimum": 6}), _ACCOUNT),
    _set("passwords of 64 characters", _M, _main(root_profile={"maximum": 64})),
    _set("passwords of 13 characters at most", _M, _main(root_profile={"maximum": 13}), _RESET),
    _set("a programme that is suspended", _M, _main(suspended=True), *_WEAVR),
    _set("tokens for passwords", _M, _main(tokenised=True), _RESET, _LOGIN, _ACCOUNT),
    _set("no history", _M, _main(history=0)),
    _set("maintenance of ZITADEL", _Z, {"maintenance": True}, _MACHINE, _SIGN_IN),
    _set("maintenance of Entrust", _E, {"maintenance": True}, _DESK),
    _set("a lock after two wrong passwords", _Z, {"lockout": {"max_password_attempts": 2}}, _SIGN_IN),
    _set("a lock after three wrong passwords", _Z, {"lockout": {"max_password_attempts": 3}}),
    _set("12 characters in ZITADEL", _Z, {"complexity": {"min_length": 12}}, _MACHINE),
    _set("10 characters in ZITADEL", _Z, {"complexity": {"min_length": 10}}),
    _set("no mail about a change in ZITADEL", _Z, {"notify_password_change": False}, _MACHINE),
    _set("passwords of 20 characters in Entrust", _E, {"password": {"minimum_length": 20}}, _DESK),
    _set("passwords of 18 characters in Entrust", _E, {"password": {"minimum_length": 18}}, _DESK),
    _set("passwords that last 30 days in Entrust", _E, {"password": {"lifetime_days": 30}}, _DESK),
    _set("two requests a minute", _M, {"rate_limits": [{"requests": 2, "seconds": 60}]}, _RESET, _LOGIN, _ACCOUNT),
    _broken("weavr.login.refused/WrongPassword-status", _LOGIN),
    _broken("weavr.login.refused/gone", _LOGIN),
    _broken("weavr.login.expired/gone", _LOGIN),
    _broken("weavr.login.locked/gone"),
    _broken("weavr.password.length/gone", _ACCOUNT),
    _broken("weavr.password.length/PasswordTooShort-code", _ACCOUNT),
    _broken("weavr.password.length/PasswordTooLong-code"),
    _broken("weavr.nonce.kept/result-not", _RESET),
    _broken("weavr.nonce.redeemed/InvalidNonceOrEmail-code", _RESET),
    _broken("weavr_multi.start_lost_password/unsent", _RESET),
    _broken("weavr_multi.start_lost_password/sent-twice", _RESET),
    _broken("weavr_multi.update_password/unsent", _ACCOUNT),
    _broken("weavr.mail.changed/gone", _RESET, _ACCOUNT),
    _broken("weavr_multi.login_with_password/unsaved", _ACCOUNT),
    _broken("weavr.update.old-password/PasswordIncorrect-code"),
    _broken("zitadel.session.lockout/right-not", _SIGN_IN),
    _broken("zitadel.session.lockout/user.failed_attempts-plus-1"),
    _broken("zitadel.session.token/gone", _SIGN_IN),
    _broken("zitadel.password_reset/unsent", _MACHINE),
    _broken("zitadel.password_reset/sent-twice", _MACHINE),
    _broken("zitadel.auth.bearer/TokenInvalid-code"),
    _broken("zitadel.policy.order/gone"),
    _broken("entrust.password.expiry/gone", _DESK),
    _broken("entrust.policy.length/gone"),
)
"""All of them."""
