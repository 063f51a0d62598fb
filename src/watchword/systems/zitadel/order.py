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
_ONE_PROOF = f"{_SET}: a request has one proof, so this check excludes the other two"

_BEFORE_THE_COMMAND = (
    Step(
        "zitadel.json.mapping",
        OBSERVED,
        "grpc-gateway, grpc-go and connect-go decode a message before interceptors run",
    ),
    Step("zitadel.auth.bearer", OBSERVED, _AUTHENTICATION),
    Step("zitadel.auth.organisation", OBSERVED, _AUTHENTICATION),
    Step("zitadel.auth.origin", OBSERVED, _INTERCEPTORS),
    Step("zitadel.validate.first", OBSERVED, _INTERCEPTORS),
)
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
_CREATE_SESSION = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.session.user", OBSERVED, _SESSION),
    Step("zitadel.session.password", OBSERVED, _SESSION),
    Step("zitadel.session.lockout", OBSERVED, f"{_SESSION}: the last step that can fail"),
)
_RECORDED = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_LIST_USERS = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.users.query", OBSERVED, f"{_RECORDED}: the last step that can fail"),
)
# Over REST a message without a body cannot be repeated, so the mapping has no place here.
_GET_USER = (
    *_BEFORE_THE_COMMAND[1:],
    Step("zitadel.permission.user_read", OBSERVED, f"{_RECORDED}: an unknown user is missing, whoever asks"),
)
_CHANGE_STATE = (
    *_BEFORE_THE_COMMAND,
    Step("zitadel.state.change", OBSERVED, "internal/command/user_v2.go"),
    Step("zitadel.permission.user_state", OBSERVED, "internal/command/user_v2.go: the last step that can fail"),
)
_DELETE_USER = (
    *_BEFORE_THE_COMMAND[1:],
    Step("zitadel.permission.user_delete", OBSERVED, "internal/command/user_v2.go: the last step that can fail"),
)
_SETTINGS = (
    Step("zitadel.query.mapping", OBSERVED, "grpc-gateway makes a message of the parameters before interceptors run"),
    *_BEFORE_THE_COMMAND[1:-1],
    Step("zitadel.permission.policy_read", OBSERVED, f"{_INTERCEPTORS}: with the authentication"),
    _BEFORE_THE_COMMAND[-1],
)
_GENERAL_SETTINGS = _SETTINGS[1:-1]
_TOKEN = (
    Step("zitadel.token.grant", DOCUMENTED, "RFC 6749, section 5.2: the grant decides what else the request must have"),
    Step("zitadel.token.client", OBSERVED, "zitadel/oidc: a client that cannot be read cannot be compared"),
    Step("zitadel.token.secret", ASSUMED, "the grant decides: a request has a client or an assertion"),
    Step("zitadel.token.signature", DOCUMENTED, "RFC 7523, section 3: the claims are the key's only if it signed them"),
    Step("zitadel.token.assertion", ASSUMED, "the user is read from the assertion, so it is checked before"),
    Step("zitadel.token.user", ASSUMED, "the last step that can fail"),
)

ORDERS = (
    CheckOrder("set_password", _SET_PASSWORD),
    CheckOrder("set_password_v2beta", _SET_PASSWORD),
    CheckOrder("password_reset", _PASSWORD_RESET),
    CheckOrder("password_reset_v2beta", _PASSWORD_RESET),
    CheckOrder("create_session", _CREATE_SESSION),
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
)
