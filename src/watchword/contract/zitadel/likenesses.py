"""How the fields of ZITADEL's answers have to be alike on two servers."""

from watchword.contract.comparison import Likeness, Likenesses

LIKENESSES: Likenesses = {
    **dict.fromkeys(
        (
            "id",
            "userId",
            "sessionId",
            "sessionToken",
            "verificationCode",
            "resourceOwner",
            "organizationId",
            "loginName",
            "preferredLoginName",
            "username",
            "defaultOrgId",
        ),
        Likeness.ROLE,
    ),
    **dict.fromkeys(("message", "sequence", "displayName", "changeDate", "timestamp"), Likeness.TEXT),
    **dict.fromkeys(
        (
            "creationDate",
            "passwordChanged",
            "profile",
            "email",
            "phone",
            "loginNames",
            "name",
            "description",
            "supportedLanguages",
            "defaultLanguage",
        ),
        Likeness.OWN,
    ),
    **dict.fromkeys(("verifiedAt", "expirationDate"), Likeness.MOMENT),
}
"""The texts of errors say the same in each release, but word it differently; their ids are compared as codes."""
