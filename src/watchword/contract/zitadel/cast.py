"""The people and service users of the scenarios, by their roles: only the situation matters."""

from collections.abc import Mapping

from watchword.contract.subject import Role

_PERSON, _WITHOUT_PASSWORD, _SERVICE = ("id", "login", "password"), ("id", "login"), ("id", "token")
ROLES: Mapping[str, Role] = {
    one.name: one
    for one in (
        Role("sign-in", "A service user with the role IAM_LOGIN_CLIENT, for whom sessions start.", "login", _SERVICE),
        Role("manager", "A service user with ORG_USER_MANAGER in the organisation of the member.", "robot", _SERVICE),
        Role("member", "An active person with a password and without a role.", "mini", _PERSON),
        Role("bystander", "Another one of that organisation.", "paul", _PERSON),
        Role("org-owner", "Owns that organisation: ORG_OWNER.", "otto", _PERSON),
        Role("viewer", "May look at everything in it and change nothing: ORG_OWNER_VIEWER.", "vera", _PERSON),
        Role("instance-owner", "Owns the whole instance: IAM_OWNER.", "iris", _PERSON),
        Role("project-owner", "Owns one project of that organisation: PROJECT_OWNER.", "petra", _PERSON),
        Role(
            "strict",
            "Belongs to another organisation, which wants 12 bytes and no symbol, and locks after 3 wrong passwords.",
            "olga",
            _PERSON,
        ),
        Role("newcomer", "Was created and has never signed in.", "ines", _WITHOUT_PASSWORD),
        Role("passwordless", "Is active and has no password.", "nora", _WITHOUT_PASSWORD),
        Role("locked", "Is locked at the beginning.", "lars", _PERSON),
        Role("deactivated", "Is deactivated at the beginning.", "dora", _PERSON),
        Role("must-change", "Has to choose another password at the next sign-in.", "fabian", _PERSON),
        Role("texted", "Has a verified phone, which text messages reach.", "phil", (*_PERSON, "phone")),
        Role(
            "machine",
            "A service user with a client secret, which gets its tokens by itself; may be the manager.",
            "robot",
            ("id", "client", "secret"),
        ),
        Role(
            "signer",
            "A service user with a private key, whose file the console has exported; may be the machine.",
            "robot",
            ("id", "key_file"),
        ),
        Role(
            "deputy",
            "A service user with ORG_END_USER_IMPERSONATOR in that organisation: a role that reads nothing.",
            "deputy",
            ("id", "token"),
        ),
        Role(
            "passing-signer",
            "A service user with a private key that expires a day after the beginning.",
            "deputy",
            ("id", "key_file"),
        ),
        Role("late", "Anybody whose token has expired.", "tina", ("token",)),
        Role(
            "shopper",
            "Whose token was issued through an application that has an origin.",
            "paul",
            ("token", "origin"),
        ),
    )
}
"""The first two call for the others, as the server of a front end does; half of the scenarios need one member more."""
