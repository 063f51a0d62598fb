"""
One-line changes of our own document, and what a comparison has to say about each.

``make diff-peers`` gives the same changes to oasdiff.
"""

# ruff: noqa: FBT003  # values of documents

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from watchword.described import load_document
from watchword.document.extract import extract_operations
from watchword.document.references import pointer_steps
from watchword.document.structure import path_items

GONE = object()
"""The line is removed."""
_M, _Z, _E = "weavr_multi", "zitadel", "entrust"
_ZITADEL = (
    "/v2/users",
    "/v2/users/{userId}",
    "/v2/users/{userId}/password",
    "/v2beta/users/{userId}/password",
    "/v2/sessions/{sessionId}",
    "/oauth/v2/token",
)
"""The paths of ZITADEL that are changed; without the others a comparison is several times as quick."""
Parts = Mapping[str, dict[str, Any]]


def read_parts() -> Parts:
    """Read the parts of our own document that are changed, by system."""
    document = load_document()
    places = {(path, method) for path, item in path_items(document.content) for method in item if path in _ZITADEL}
    small = extract_operations(document.content, places, tag=_Z)
    return {_M: document.extract_system(_M), _Z: small, _E: document.extract_system(_E)}


@dataclass(frozen=True)
class Seed:
    """
    A change of one line.

    Args:
        system: Whose part of the document is changed.
        at: The JSON pointer of what is changed, added or removed; ``-`` is the end of a list.
        value: What stands there afterwards; `GONE` for nothing.
        expected: The categories, and no others.
    """

    system: str
    at: str
    value: Any
    expected: frozenset[str]

    @property
    def name(self) -> str:
        """The change as people read it."""
        return f"{self.at} {'is gone' if self.value is GONE else f'= {self.value!r}'}"

    def apply(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Change a copy of the document."""
        changed: dict[str, Any] = deepcopy(dict(content))
        *steps, last = pointer_steps(f"#{self.at}")
        node: Any = changed
        for step in steps:
            node = node[int(step)] if isinstance(node, list) else node[step]
        if isinstance(node, list):
            if last == "-":
                node.append(self.value)
            elif self.value is GONE:
                del node[int(last)]
            else:
                node[int(last)] = self.value
        elif self.value is GONE:
            del node[last]
        else:
            node[last] = self.value
        return changed


def _seed(system: str, at: str, value: Any, *expected: str) -> Seed:
    return Seed(system, at, value, frozenset(expected))


def _schema(system: str, at: str, value: Any, *expected: str) -> Seed:
    return _seed(system, f"/components/schemas/{at}", value, *expected)


_TEXT = {"type": "string"}
_UPDATE = "/paths/~1passwords~1update/post"
_USERS = "/paths/~1users/get"
_SET = "/paths/~1v2~1users~1{userId}~1password/post"

SEEDS = (
    # What a client sends: less is breaking, more is harmless.
    _schema(_Z, "ZitadelPassword/properties/password/maxLength", 64, "request-property-max-length-decreased"),
    _schema(_Z, "ZitadelPassword/properties/password/maxLength", 400, "request-property-max-length-increased"),
    _schema(_Z, "ZitadelPassword/properties/password/maxLength", GONE, "request-property-max-length-unset"),
    _schema(_Z, "ZitadelPassword/properties/password/minLength", 8, "request-property-min-length-increased"),
    _schema(_Z, "ZitadelPassword/properties/password/minLength", GONE, "request-property-min-length-unset"),
    _schema(_Z, "ZitadelPassword/properties/password/pattern", "^[!-~]+$", "request-property-pattern-set"),
    _schema(_Z, "ZitadelPassword/properties/password/format", GONE, "request-property-secret-mark-unset"),
    _schema(_Z, "ZitadelPassword/properties/password/type", "integer", "request-property-type-changed"),
    _schema(_Z, "ZitadelPassword/properties/password/type", GONE, "request-property-type-generalized"),
    _schema(_Z, "ZitadelPassword/properties/password/writeOnly", GONE, "request-property-became-not-write-only"),
    _schema(_Z, "ZitadelPassword/properties/password/readOnly", True, "request-property-became-read-only"),
    _schema(_Z, "ZitadelPassword/properties/password/deprecated", True, "request-property-deprecated"),
    _schema(_Z, "ZitadelPassword/properties/password/description", "New.", "request-property-text-changed"),
    _schema(_Z, "ZitadelPassword/nullable", GONE, "request-property-became-not-nullable"),
    _schema(_Z, "ZitadelPassword/required/-", "changeRequired", "request-property-became-required"),
    _schema(_Z, "ZitadelPassword/required", ["changeRequired"], "request-property-became-required",
            "request-property-became-optional"),
    _schema(_Z, "ZitadelPassword/required", GONE, "request-property-became-optional"),
    _schema(_Z, "ZitadelPassword/properties/hint", _TEXT, "request-optional-property-added"),
    _schema(_Z, "ZitadelPassword/properties/changeRequired", GONE, "request-optional-property-removed"),
    _schema(_Z, "ZitadelPassword/additionalProperties", False, "request-additional-properties-forbidden"),
    _schema(_Z, "ZitadelPassword/additionalProperties", _TEXT, "request-property-type-specialized"),
    _schema(_Z, "ZitadelPassword/minProperties", 2, "request-property-min-properties-set"),
    _schema(_Z, "ZitadelPassword/maxProperties", 2, "request-property-max-properties-set"),
    _schema(_Z, "ZitadelPassword/xml", {"name": "p"}, "not-judged"),
    _schema(_Z, "ZitadelSetPasswordRequest/not", GONE, "request-body-not-unset"),
    _schema(_Z, "ZitadelSetPasswordRequest/not/required", ["newPassword"], "request-body-not-changed"),
    _schema(_Z, "ZitadelSetPasswordRequest/x-message", "zitadel.user.v2.Other", "request-body-extension-changed"),
    _schema(_Z, "ZitadelSearchQuery/minProperties", GONE, "request-property-min-properties-unset"),
    _schema(_Z, "ZitadelSearchQuery/properties/typeQuery", GONE, "request-optional-property-removed"),
    _schema(_Z, "ZitadelSearchQuery/required", ["typeQuery"], "request-property-became-required"),
    _schema(_Z, "ZitadelNotQuery/properties/query/$ref", "#/components/schemas/ZitadelSearchQuery",
            "request-property-extension-changed", "request-property-text-changed"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/2", GONE, "request-property-alternative-removed"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/-", {"type": "boolean"}, "request-property-alternative-added"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/2/maximum", 6, "request-property-max-decreased"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/2/maximum", 8, "request-property-max-increased"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/2/exclusiveMinimum", True, "request-property-min-increased"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/0/enum/0", GONE, "request-property-enum-value-removed"),
    _schema(_Z, "ZitadelTextQueryMethod/anyOf/0/enum/-", "TEXT_QUERY_METHOD_LIKE",
            "request-property-enum-value-added"),
    _schema(_Z, "ZitadelListQuery/properties/limit/anyOf/0/format", "int32", "request-property-format-specialized"),
    _schema(_Z, "ZitadelListQuery/properties/limit/anyOf/0/multipleOf", 10, "request-property-multiple-of-set"),
    _schema(_Z, "ZitadelHeaderValues/properties/values/maxItems", 5, "response-property-max-items-set"),
    _schema(_Z, "ZitadelHeaderValues/properties/values/minItems", 1, "response-property-min-items-set"),
    _schema(_Z, "ZitadelHeaderValues/properties/values/uniqueItems", True, "response-property-unique-items-set"),
    _schema(_Z, "ZitadelHeaderValues/properties/values/items/type", "integer", "response-property-type-changed"),
    _schema(_Z, "ZitadelTokenRequest/properties/grant_type/enum/-", "refresh_token",
            "request-property-enum-value-added"),
    _schema(_Z, "ZitadelTokenRequest/properties/grant_type/enum", GONE, "request-property-enum-unset"),
    _schema(_Z, "ZitadelTokenRequest/properties/scope/enum", ["openid"], "request-property-enum-set"),
    _schema(_M, "MultiLogIn/properties/email", GONE, "request-required-property-removed"),
    _schema(_E, "EntrustPasswordFormat/default", "BCRYPT", "request-property-default-changed"),
    _schema(_E, "EntrustPasswordFormat/default", GONE, "request-property-default-unset"),
    _schema(_E, "EntrustUserPasswordParms/properties/forceUpdate/default", True, "request-property-default-set"),
    _schema(_E, "EntrustAdminApiAuthentication/properties/applicationId/format", GONE,
            "request-property-format-unset"),
    _schema(_E, "EntrustUserPasswordParms/properties/expiryTime/format", "date", "request-property-format-changed"),
    # What a client gets: more is breaking or risky, less is harmless.
    _schema(_Z, "ZitadelDetails/properties/changeDate", GONE, "response-required-property-removed"),
    _schema(_Z, "ZitadelDetails/required", ["sequence", "changeDate"], "response-property-became-optional"),
    _schema(_Z, "ZitadelDetails/properties/sequence/type", "integer", "response-property-type-changed"),
    _schema(_Z, "ZitadelDetails/properties/sequence/pattern", "^[0-9]{1,9}$", "response-property-pattern-changed"),
    _schema(_Z, "ZitadelDetails/properties/sequence/pattern", GONE, "response-property-pattern-unset"),
    _schema(_Z, "ZitadelDetails/properties/changeDate/format", "date", "response-property-format-changed"),
    _schema(_Z, "ZitadelDetails/properties/resourceOwner/nullable", True, "response-property-became-nullable"),
    _schema(_Z, "ZitadelDetails/properties/resourceOwner/maxLength", 18, "response-property-max-length-set"),
    _schema(_Z, "ZitadelDetails/properties/resourceOwner/writeOnly", True, "response-property-became-write-only"),
    _schema(_Z, "ZitadelUser/properties/state/enum/-", "USER_STATE_DELETED", "response-property-enum-value-added"),
    _schema(_Z, "ZitadelUser/properties/state/enum/3", GONE, "response-property-enum-value-removed"),
    _schema(_Z, "ZitadelUser/properties/state/enum", GONE, "response-property-enum-unset"),
    _schema(_Z, "ZitadelUser/properties/machine", GONE, "response-optional-property-removed"),
    _schema(_Z, "ZitadelUser/properties/nickName", _TEXT, "response-optional-property-added"),
    _schema(_Z, "ZitadelUser/properties/loginNames/items/nullable", True, "response-property-became-nullable"),
    _schema(_Z, "ZitadelUser/required/-", "human", "response-property-became-required"),
    _schema(_Z, "ZitadelUser/additionalProperties", False, "response-additional-properties-forbidden"),
    _schema(_Z, "ZitadelStatus/properties/code/format", "int64", "response-property-format-generalized"),
    _schema(_Z, "ZitadelStatus/properties/code/type", "number", "response-property-type-generalized"),
    _schema(_E, "EntrustUserPasswordStrength/properties/score/maximum", 5, "response-property-max-increased"),
    _schema(_E, "EntrustUserPasswordStrength/properties/score/maximum", GONE, "response-property-max-unset"),
    _schema(_E, "EntrustUserPasswordStrength/properties/score/minimum", 1, "response-property-min-increased"),
    _schema(_E, "EntrustUserPassword/properties/newPassword/format", GONE, "response-property-secret-mark-unset"),
    _schema(_E, "EntrustUserPassword/x-always/-", "forceUpdate", "response-body-always-added"),
    _schema(_M, "WeavrError/x-always/0", GONE, "response-body-always-removed"),
    _schema(_M, "WeavrCreateConflict/properties/errorCode/enum/-", "PASSWORD_LEAKED",
            "response-property-enum-value-added"),
    # Parameters.
    _seed(_M, "/components/parameters/WeavrLimit/schema/maximum", 50, "request-parameter-max-decreased"),
    _seed(_M, "/components/parameters/WeavrLimit/schema/default", 20, "request-parameter-default-changed"),
    _seed(_M, "/components/parameters/WeavrLimit/required", True, "request-parameter-became-required"),
    _seed(_M, "/components/parameters/WeavrLimit/deprecated", True, "request-parameter-deprecated"),
    _seed(_M, "/components/parameters/WeavrActiveFilter/schema/type", "string", "request-parameter-type-generalized"),
    _seed(_M, "/components/parameters/WeavrEmailFilter/schema/type", "boolean", "request-parameter-type-specialized"),
    _seed(_M, "/components/parameters/WeavrLimit/schema/type", "boolean", "request-parameter-type-changed"),
    _seed(_M, "/components/parameters/WeavrActiveFilter/style", "spaceDelimited", "request-parameter-style-changed"),
    _seed(_M, "/components/parameters/WeavrActiveFilter/explode", False),
    _seed(_M, "/components/parameters/WeavrActiveFilter/allowEmptyValue", True, "request-parameter-empty-allowed"),
    _seed(_M, "/components/parameters/WeavrActiveFilter/allowReserved", True, "request-parameter-reserved-allowed"),
    _seed(_M, "/components/parameters/MultiUserId/schema/pattern", "^[0-9]{18}$", "request-parameter-pattern-changed"),
    _seed(_M, f"{_USERS}/parameters/4", GONE, "request-parameter-removed"),
    _seed(_M, f"{_USERS}/parameters/-", {"name": "sort", "in": "query", "schema": _TEXT},
          "optional-request-parameter-added"),
    _seed(_M, f"{_USERS}/parameters/-", {"name": "sort", "in": "query", "required": True, "schema": _TEXT},
          "required-request-parameter-added"),
    # Bodies, answers, headers.
    _seed(_Z, f"{_SET}/requestBody/required", False, "request-body-became-optional"),
    _seed(_Z, f"{_SET}/requestBody", GONE, "request-body-removed"),
    _seed(_Z, f"{_SET}/requestBody/content/application~1xml", {"schema": _TEXT}, "request-media-type-added"),
    _seed(_Z, "/paths/~1oauth~1v2~1token/post/requestBody/required", True, "request-body-became-required"),
    _seed(_Z, "/paths/~1oauth~1v2~1token/get/requestBody",
          {"content": {"application/json": {"schema": _TEXT}}}, "optional-request-body-added"),
    _seed(_M, f"{_UPDATE}/responses/200", GONE, "success-status-removed"),
    _seed(_M, f"{_UPDATE}/responses/202", {"description": "Accepted."}, "success-status-added"),
    _seed(_M, f"{_UPDATE}/responses/default", GONE, "error-status-removed"),
    _seed(_E, "/paths/~1api~1web~1v1~1adminapi~1authenticate/post/responses/418", {"description": "Tea."},
          "error-status-added"),
    _seed(_M, "/components/responses/MultiUsersListed/content/application~1json", GONE,
          "response-media-type-removed"),
    _seed(_M, "/components/responses/MultiUsersListed/headers/x-page", {"schema": _TEXT}, "response-header-added"),
    _seed(_M, "/components/responses/MultiUsersListed/headers/request-ref", GONE,
          "required-response-header-removed"),
    _seed(_M, "/components/headers/request-ref/required", False, "response-header-became-optional"),
    _seed(_M, "/components/headers/x-ratelimit-reset/schema/minimum", 0, "response-header-min-decreased"),
    _seed(_M, "/components/headers/x-ratelimit-reset/schema/type", "string", "response-header-type-generalized"),
    # Operations, security, servers.
    _seed(_M, _UPDATE, GONE, "operation-removed"),
    _seed(_M, "/paths/~1passwords~1update/put", {"operationId": "weavr_multi.other", "responses": {}},
          "operation-added"),
    _seed(_Z, "/paths/~1v2beta~1users~1{userId}~1password/post", GONE, "deprecated-operation-removed"),
    _seed(_M, f"{_UPDATE}/deprecated", True, "operation-deprecated"),
    _seed(_M, f"{_UPDATE}/operationId", "weavr_multi.change_password", "operation-id-changed"),
    _seed(_M, f"{_UPDATE}/summary", "Change the password", "text-changed"),
    _seed(_M, f"{_UPDATE}/tags", ["weavr_multi", "passwords"], "operation-tags-changed"),
    _seed(_M, f"{_UPDATE}/x-rules/0", GONE, "rule-removed"),
    _seed(_M, f"{_UPDATE}/x-rules/-", "weavr.session.fresh", "rule-added"),
    _seed(_M, f"{_UPDATE}/security", [], "security-no-longer-required"),
    _seed(_M, f"{_UPDATE}/security", [{"api-key": []}], "security-alternative-added"),
    _seed(_M, f"{_UPDATE}/security/-", {"api-key": []}, "security-alternative-added"),
    _seed(_M, "/paths/~1login_with_password/post/security", [{"auth_token": [], "api-key": []}],
          "security-alternative-removed", "security-alternative-added"),
    _seed(_Z, "/paths/~1oauth~1v2~1token/post/security", [{"accessToken": []}], "security-required"),
    _seed(_M, "/components/securitySchemes/auth_token/bearerFormat", "JWT", "text-changed"),
    _seed(_M, "/paths/~1passwords~1update/x-base-paths/0", GONE, "base-path-removed"),
    _seed(_M, "/paths/~1passwords~1update/x-base-paths/-", "/v3", "base-path-added"),
    _seed(_M, "/servers/0/url", "https://api.example.com", "server-removed", "server-added"),
    _seed(_Z, f"{_SET}/x-rpc/method", "zitadel.user.v3.UserService/SetPassword", "rpc-method-removed",
          "rpc-method-added"),
    _seed(_Z, f"{_SET}/x-rpc/media-types/0", GONE, "rpc-media-type-removed"),
    _seed(_Z, "/x-watchword-settings", {"zitadel": {"code_minutes": 5}}, "setting-changed"),
    _seed(_M, "/info/version", "9.9.9", "text-changed"),
    _seed(_M, "/tags/0/x-outer-responses/404", GONE, "error-status-removed"),
)  # fmt: skip
