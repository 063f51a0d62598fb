"""
The order of the checks that refuse a request, by operation.

Source:
    Observed: the public source of v2.65.3 unless a step says otherwise. The gateway decodes the body before it
    calls the service; there the interceptors authenticate, then validate, and then the command runs.
"""

from watchword.domain.order import CheckOrder, Step
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED

_INTERCEPTORS = "internal/api/grpc/server/server.go: the interceptors in their order"
_AUTHENTICATION = "internal/api/authz/context.go"
_SET = "internal/command/user_human_password.go"
_RESET = "internal/command/user_v2_password.go"
_SESSION = "internal/api/grpc/session/v2/session.go and internal/command/session.go"
_RECORDED = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_ONE_PROOF = f"{_SET}: a request has one proof, so this check excludes the other two"

_TOKENS = "recorded answers of v2.65.3 and v4.6.5"

_GATEWAY = (
    Step("zitadel.gateway.timeout", OBSERVED, "grpc-gateway reads the headers before the body"),
    Step("zitadel.gateway.metadata", OBSERVED, "grpc-gateway reads Grpc-Timeout first"),
)
_MAPPING = Step(
    "zitadel.json.mapping",
    OBSERVED,
    "grpc-gateway, grpc-go and connect-go decode a message before interceptors run",
)
_CALLER = (
    Step("zitadel.gateway.printable", OBSERVED, "the gateway calls the service once it has decoded the body"),
    Step("zitadel.auth.bearer", OBSERVED, _AUTHENTICATION),
    Step("zitadel.auth.user", OBSERVED, f"{_AUTHENTICATION}: a token has an owner or a session"),
    Step("zitadel.auth.session", OBSERVED, f"{_AUTHENTICATION}: a token has an owner or a session"),
    Step("zitadel.auth.organisation", OBSERVED, _AUTHENTICATION),
    Step("zitadel.auth.origin", OBSERVED, _INTERCEPTORS),
)
_VALIDATION = Step("zitadel.validate.first", OBSERVED, _INTERCEPTORS)
_BEFORE_THE_COMMAND = (*_GATEWAY, _MAPPING, *_CALLER, _VALIDATION)
# Over REST a message without a body cannot be repeated, so the mapping has no place here.
_BEFORE_A_COMMAND_WITHOUT_BODY = (*_GATEWAY, *_CALLER, _VALIDATION)
_SET_PASSWORD = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.new_password.present", OBSERVED, f"{_SET}; in profile documented assumed to be the same"),
    Step("zitadel.user.exists", OBSERVED, _SET),
    Step("zitadel.user.initialised", OBSERVED, _SET),
    Step("zitadel.code.external", OBSERVED, "internal/command/user_human.go verifyCode"),
    Step("zitadel.code.order", OBSERVED, _ONE_PROOF),
    Step("zitadel.current.order", OBSERVED, _ONE_PROOF),
    Step("zitadel.permission.user_write", OBSERVED, f"{_SET}: the policy is not loaded if the proof is wrong"),
    Step("zitadel.policy.order", OBSERVED, _SET),
    Step("zitadel.hash.limit", OBSERVED, f"{_SET}: the last step that can fail"),
)
_PASSWORD_RESET = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.reset.template", OBSERVED, _RESET),
    Step("zitadel.reset.order", OBSERVED, _RESET),
    Step("zitadel.permission.user_write", OBSERVED, f"{_RESET}: the last step that can fail"),
)
_SESSION_CHECKS = (
    Step("zitadel.session.password", OBSERVED, _SESSION),
    Step("zitadel.session.locked", OBSERVED, _SESSION),
    Step("zitadel.session.lockout", OBSERVED, _SESSION),
    Step("zitadel.session.intent", OBSERVED, _SESSION),
    Step("zitadel.session.totp", OBSERVED, f"{_SESSION}: the last step that can fail"),
)
_CREATE_SESSION = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.session.search", OBSERVED, _SESSION),
    Step("zitadel.session.user", OBSERVED, f"{_SESSION}: a locked user gets no further"),
    Step("zitadel.session.write", OBSERVED, _RECORDED),
    *(step for step in _SESSION_CHECKS if step.rule != "zitadel.session.locked"),
)
_SET_SESSION = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.session.search", OBSERVED, _SESSION),
    Step("zitadel.session.user", OBSERVED, _SESSION),
    Step("zitadel.session.write", OBSERVED, _SESSION),
    Step("zitadel.session.ended", OBSERVED, _SESSION),
    Step("zitadel.session.same_user", OBSERVED, _SESSION),
    *_SESSION_CHECKS,
)
_GET_SESSION = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.session.exists", OBSERVED, _RECORDED),
    Step("zitadel.session.read", OBSERVED, _RECORDED),
)
_DELETE_SESSION = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.session.delete", OBSERVED, _SESSION),
)
_LIST_SESSIONS = (*_BEFORE_THE_COMMAND,)
_LIST_USERS = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.users.query", OBSERVED, f"{_RECORDED}: the last step that can fail"),
)
_GET_USER = (
    *_BEFORE_A_COMMAND_WITHOUT_BODY,
    Step("zitadel.permission.user_read", OBSERVED, f"{_RECORDED}: an unknown user is missing, whoever asks"),
)
_CHANGE_STATE = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.state.change", OBSERVED, "internal/command/user_v2.go"),
    Step("zitadel.permission.user_state", OBSERVED, "internal/command/user_v2.go: the last step that can fail"),
)
_DELETE_USER = (
    *_BEFORE_A_COMMAND_WITHOUT_BODY,
    Step("zitadel.permission.user_delete", OBSERVED, "internal/command/user_v2.go: the last step that can fail"),
)
_READ_POLICY = Step("zitadel.permission.policy_read", OBSERVED, f"{_INTERCEPTORS}: with the authentication")
_SETTINGS = (
    *_GATEWAY,
    Step("zitadel.query.mapping", OBSERVED, "grpc-gateway makes a message of the parameters before interceptors run"),
    *_CALLER,
    _READ_POLICY,
    _VALIDATION,
)
_GENERAL_SETTINGS = (*_GATEWAY, *_CALLER, _READ_POLICY)
_TOKEN = (
    Step("zitadel.token.grant", OBSERVED, f"{_TOKENS}; the grant decides what else the request must have"),
    Step("zitadel.token.client", OBSERVED, f"{_TOKENS}; a client that cannot be read cannot be compared"),
    Step("zitadel.token.secret", OBSERVED, f"{_TOKENS}; a wrong secret without a scope"),
    Step("zitadel.token.signature", DOCUMENTED, "RFC 7523, section 3: the claims are the key's only if it signed them"),
    Step("zitadel.token.assertion", ASSUMED, "the user is read from the assertion, so it is checked before"),
    Step("zitadel.token.scope", OBSERVED, f"{_TOKENS}; a good assertion without a scope"),
    Step("zitadel.token.user", ASSUMED, "internal/command/oidc_session.go: the last step that can fail"),
)

ORDERS = (
    CheckOrder("set_password", _SET_PASSWORD),
    CheckOrder("set_password_v2beta", _SET_PASSWORD),
    CheckOrder("password_reset", _PASSWORD_RESET),
    CheckOrder("password_reset_v2beta", _PASSWORD_RESET),
    CheckOrder("create_session", _CREATE_SESSION),
    CheckOrder("create_session_v2beta", _CREATE_SESSION),
    CheckOrder("set_session", _SET_SESSION),
    CheckOrder("set_session_v2beta", _SET_SESSION),
    CheckOrder("get_session", _GET_SESSION),
    CheckOrder("get_session_v2beta", _GET_SESSION),
    CheckOrder("delete_session", _DELETE_SESSION),
    CheckOrder("delete_session_v2beta", _DELETE_SESSION),
    CheckOrder("list_sessions", _LIST_SESSIONS),
    CheckOrder("list_sessions_v2beta", _LIST_SESSIONS),
    *(CheckOrder(f"list_users{package}", _LIST_USERS) for package in ("", "_v2beta")),
    *(CheckOrder(f"get_user{package}", _GET_USER) for package in ("", "_v2beta")),
    *(CheckOrder(f"{verb}_user", _CHANGE_STATE) for verb in ("lock", "unlock", "deactivate", "reactivate")),
    CheckOrder("delete_user", _DELETE_USER),
    *(CheckOrder(f"get_general_settings{package}", _GENERAL_SETTINGS) for package in ("", "_v2beta")),
    *(
        CheckOrder(f"get_{name}_settings{package}", _SETTINGS)
        for name in ("login", "password_complexity", "password_expiry", "domain", "lockout")
        for package in ("", "_v2beta")
    ),
    CheckOrder("token", _TOKEN),
    CheckOrder("token_by_get", _TOKEN),
)
