"""What the vendors' pages say, as facts: statuses and constraints. Everything else in the document is ours."""

from collections.abc import Mapping

_WEAVR = "400 401 403 404 409 410 429 500 503 default"
STATUSES: Mapping[str, str] = {
    "weavr_multi.create_password": f"200 {_WEAVR}",
    "weavr_multi.update_password": f"200 {_WEAVR}",
    "weavr_multi.validate_password": f"204 {_WEAVR}",
    "weavr_payment_run.create_password": "200 400 401 403 404 409 429 500 503 default",
    "zitadel.set_password": "200 403 404 default",
    "entrust.set_password": "200 400 401 403 404 409",
}
"""The statuses of an operation on its page."""

CONSTRAINTS: Mapping[str, str] = {
    # Weavr: the fields that the pages call required, and their choices.
    "MultiCreatePassword": "required",
    "MultiValidatePassword": "required",
    "MultiUpdatePassword": "required",
    "MultiResumeLostPassword": "required",
    "MultiLogIn": "required",
    "MultiSensitivePassword": "required",
    "MultiPasswordInfo": "required",
    "MultiIdentity": "required",
    "MultiIdentity/type": "enum",
    "MultiCredentials": "required",
    "MultiCredentials/type": "enum",
    "PaymentRunCreatePassword": "required",
    "PaymentRunValidatePassword": "required",
    "PaymentRunUpdatePassword": "required",
    "PaymentRunResumeLostPassword": "required",
    "PaymentRunLogIn": "required",
    "PaymentRunSensitivePassword": "required",
    "PaymentRunPasswordInfo": "required",
    "PaymentRunIdentity": "required",
    "PaymentRunIdentity/type": "enum",
    "PaymentRunCredentials": "required",
    "PaymentRunCredentials/type": "enum",
    "WeavrStartLostPassword": "required",
    "WeavrTokenType": "enum",
    "WeavrInvalidField/error": "enum",
    "WeavrInsufficientPermissions/errorCode": "enum",
    "WeavrPasswordTokenProblem/errorCode": "enum",
    "WeavrCreateConflict/errorCode": "enum",
    "WeavrUpdateConflict/errorCode": "enum",
    "WeavrValidateConflict/errorCode": "enum",
    "WeavrStartConflict/errorCode": "enum",
    "WeavrResumeConflict/errorCode": "enum",
    # ZITADEL: "non-empty and <= 200 characters"; the choices and lengths of the published .proto files.
    "ZitadelPassword/password": "minLength maxLength",
    "ZitadelCurrentPassword": "minLength maxLength",
    "ZitadelVerificationCode": "minLength maxLength",
    "ZitadelSendPasswordResetLink/notificationType/anyOf/0": "enum",
    "ZitadelSendPasswordResetLink/urlTemplate": "minLength maxLength",
    "ZitadelCheckUser/userId": "minLength maxLength",
    "ZitadelCheckUser/loginName": "minLength maxLength",
    "ZitadelCheckPassword/password": "minLength maxLength",
    # OAuth and OpenID Connect.
    "ZitadelOpenidConfiguration": "required",
    "ZitadelTokenRequest": "required",
    "ZitadelTokenRequest/grant_type": "enum",
    "ZitadelToken": "required",
    "ZitadelToken/token_type": "enum",
    "ZitadelOAuthError": "required",
    "ZitadelOAuthError/error": "enum",
    "ZitadelTokenFailure/error": "enum",
    "ZitadelKeys": "required",
    "ZitadelKey": "required",
    "ZitadelKey/use": "enum",
    "ZitadelKey/kty": "enum",
    "ZitadelKey/alg": "enum",
    # Entrust: choices, required fields and bounds of the published description and help pages.
    "EntrustPasswordFormat": "enum",
    "EntrustUserPasswordSettings/lifetimeDays": "minimum maximum",
    "EntrustUserPasswordSettings/passwordHistorySize": "minimum maximum",
    "EntrustUserPasswordSettings/minimumStrength": "minimum maximum",
    "EntrustCharacterRequirement": "enum",
    "EntrustUserPasswordValidateParms": "required",
    "EntrustUserPasswordStrength/score": "minimum maximum",
    "EntrustAdminApiAuthentication": "required",
}
"""The keywords of a schema that a page has, by the place of the schema."""
