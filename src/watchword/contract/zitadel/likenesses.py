"""How the fields and headers of ZITADEL's answers have to be alike on two servers."""

from watchword.contract.comparison import Likeness, Likenesses

LIKENESSES: Likenesses = {
    **dict.fromkeys(
        (
            "id",
            "userId",
            "sessionId",
            "sessionToken",
            "resourceOwner",
            "organizationId",
            "loginName",
            "preferredLoginName",
            "username",
            "defaultOrgId",
            "access_token",
            "id_token",
        ),
        Likeness.ROLE,
    ),
    **dict.fromkeys(("totalResult", "result", "sessions"), Likeness.FILLED),
    "verificationCode": Likeness.CODE,
    "sequence": Likeness.COUNT,
    **dict.fromkeys(("message", "displayName", "changeDate", "timestamp", "expires_in"), Likeness.TEXT),
    **dict.fromkeys(
        (
            "issuer",
            "jwks_uri",
            *(
                f"{name}_endpoint"
                for name in (
                    *("authorization", "token", "introspection", "userinfo", "revocation", "end_session"),
                    "device_authorization",
                )
            ),
        ),
        Likeness.TEXT,
    ),
    **dict.fromkeys(
        (
            "creationDate",
            "passwordChanged",
            "name",
            "description",
            "supportedLanguages",
            "defaultLanguage",
            "keys",
            "ui_locales_supported",
        ),
        Likeness.OWN,
    ),
    **dict.fromkeys(("profile", "email", "phone", "loginNames"), Likeness.STEADY),
    **dict.fromkeys(("verifiedAt", "expirationDate", "expires", "grpcgateway-date"), Likeness.MOMENT),
    "set-cookie": Likeness.ROLE,
    "www-authenticate": Likeness.TEXT,
}
"""The texts of errors say the same in each release, but word it differently; their ids are compared as codes."""
