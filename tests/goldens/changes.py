"""What has changed on purpose since the answers were recorded: our own sentences, old and new."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # ZITADEL: rules, settings, hints, assertions.
    "The header ``x-zitadel-orgid``, if it is sent, names an organisation that exists.": (
        "If the header ``x-zitadel-orgid`` is sent, it names an organisation that exists."
    ),
    "A token that was issued through an application is refused to pages of an Origin that it does not allow.": (
        "A token that was issued through an application is refused if the Origin is not one of the application's."
    ),
    "Whether the user has to choose another password next time is set anew by every change, with any proof.": (
        "Every change, with any proof, sets anew whether the user must choose another password at the next sign-in."
    ),
    "Only the code that was made last is good, and for an hour.": "Only the newest code is valid, and for one hour.",
    "A code is looked for, then its age is asked, then it is compared, case and all.": (
        "First a code must be outstanding, then it must not have expired, then the one that was sent is compared "
        "with it, case-sensitively."
    ),
    "A code has six characters A to Z and 0 to 8; a slip of theirs leaves the last of the alphabet, 9, out.": (
        "A code has six characters, A to Z and 0 to 8; an off-by-one error of the service leaves out 9, the last one."
    ),
    "Any successful change clears the outstanding code and the count of failures, but unlocks nobody.": (
        "Every successful change clears the outstanding code and the number of failures, but does not unlock the user."
    ),
    "In v4.6 a wrong password counts, and the one that reaches the greatest number locks the user.": (
        "In v4.6 a wrong current password is counted, and the attempt that reaches the maximum locks the user."
    ),
    "A user needs to have a password; then current and new must differ; only then is the current one verified.": (
        "First the user must have a password, then the current and the new one must differ, then the current one "
        "is verified."
    ),
    "In v4.6 the answer to the fifth failure and later ones waits a second per five more, ten at most.": (
        "In v4.6 the answer is delayed by a second for every five failures after the fifth, by ten seconds at most."
    ),
    (
        "The answer's sequence is the number of the event that the call made on the user; each event counts one "
        "further, and a message that is sent afterwards is an event too."
    ): (
        "The sequence in the answer is the number of the user's event that the call made; every event adds one, "
        "and a message that is sent afterwards is an event too."
    ),
    "A new password is needed, which is said before anything about the user.": (
        "A new password is required, which is checked before anything about the user."
    ),
    "Users set their own password without any proof in profile v4.2 only; a code for themselves they get in all.": (
        "Users may set their own password without a proof in profile v4.2 only, and request a code for themselves"
        " in every profile."
    ),
    (
        "The policy of the user's organisation, else of the instance, is looked at last: bytes, lower, upper, "
        "number, symbol."
    ): (
        "The policy of the user's organisation, else of the instance, is checked last: bytes, lower, upper, "
        "number, symbol."
    ),
    "A code goes by mail unless a text or the answer is asked for; to whom there is no address nothing is sent.": (
        "A code is sent by mail unless a text message or the answer is requested; without an address nothing is sent."
    ),
    "A code is made after the template, the user and the permission were looked at, in this order.": (
        "Before a code is made, the template, the user and the permission are checked, in this order."
    ),
    "A link's template is Go's, with the fields UserID, Code and OrgID, and is judged before anything else.": (
        "The template of a link is Go's, with the fields UserID, Code and OrgID, and is checked before anything else."
    ),
    "In every profile a wrong password counts towards the lock, a right one takes the count back to zero.": (
        "In every profile a wrong password counts towards the lock, and a right one resets the count to zero."
    ),
    "A password needs a user in the same request, who is a person and has one.": (
        "A password needs a user in the same request who is a person and has a password."
    ),
    "The user is found by id or login name, without regard to case, and is neither locked nor deactivated.": (
        "A user is found by id or by login name, case-insensitively, and is neither locked nor deactivated."
    ),
    "An assertion is by and about the owner of its key, for this issuer, not expired, and not older than an hour.": (
        "An assertion names its key's owner as issuer and subject, and this server as audience; it has not "
        "expired, and is not older than an hour."
    ),
    "A client says who it is in the header or in the form; the name is its login name.": (
        "A client sends its id and its secret in the header or in the form; the id is its login name."
    ),
    "A token is given for client credentials and for a signed assertion, and a request says for which.": (
        "A token is issued for client credentials and for a signed assertion, and the request names which."
    ),
    "A token is good for twelve hours, of which the answer names a second less.": (
        "A token is valid for twelve hours, of which the answer names one second less."
    ),
    "The user behind a credential has to exist and to be active.": "The user of a credential must exist and be active.",
    "Only people have passwords: a machine, or an id of nobody, is 404 as documented and 400 in the releases.": (
        "Only people have passwords: a machine or an unknown id is 404 as documented, and 400 in the releases."
    ),
    "A user who has never signed in has no password to change; locked and deactivated ones have.": (
        "A user who has never signed in has no password to change; locked and deactivated users have one."
    ),
    "Lengths are judged once the caller is known, in characters, field by field, and only the first is told.": (
        "Lengths are checked once the caller is known, in characters, field by field, and only the first error is"
        " reported."
    ),
    "What a password must look like; the defaults are the service's own.": (
        "What a password must contain; the defaults are the service's own."
    ),
    "Least length in bytes of UTF-8.": "Minimum length in bytes of UTF-8.",
    "A letter a to z is needed.": "A letter a to z is required.",
    "A letter A to Z is needed.": "A letter A to Z is required.",
    "A digit is needed.": "A digit is required.",
    "Anything besides A to Z, a to z and 0 to 9 is needed.": (
        "A character other than A to Z, a to z and 0 to 9 is required."
    ),
    "Wrong passwords that lock a user; 0 never does.": "How many wrong passwords lock a user; 0 for no lock.",
    "Which release is imitated; they differ in a few answers.": (
        "The imitated release; releases differ in a few answers."
    ),
    "The settings of the instance, and which release answers.": (
        "The settings of the instance, and the release that is imitated."
    ),
    "The instance's policy, for organisations without one of their own.": (
        "The instance's password policy, for organisations without their own."
    ),
    "The instance's lock, for organisations without one of their own.": (
        "The instance's lockout policy, for organisations without their own."
    ),
    "How long a verification code is good.": "How long a verification code is valid.",
    "Who makes the codes of texts; external codes cannot be verified here (COMMAND-M0g95).": (
        "Who makes the codes of text messages; external ones cannot be verified here (COMMAND-M0g95)."
    ),
    "A mail tells users that their password was changed, as the default policy wants it.": (
        "Send a mail to users whose password was changed, as by the service's default policy."
    ),
    (
        "Whose limits passwords have: bcrypt takes 72 bytes, argon2 any length. Without a choice: bcrypt in the "
        "profiles of releases; argon2 in documented, whose page promises 200 characters."
    ): (
        "The hash function whose limit applies: bcrypt takes 72 bytes, argon2 any length. By default bcrypt in "
        "the profiles of releases, and argon2 in documented, because the vendor's page promises 200 characters."
    ),
    "Where the Connect protocol is served: in every profile, or only in those whose release has it.": (
        "Whether Connect is served in every profile, or only in those of releases that have it."
    ),
    "How long a session's token is good; 0 for ever, as without a lifetime.": (
        "How long the token of a session is valid; 0 for no end, as in a session without a lifetime."
    ),
    "The length is in bytes of UTF-8; the setting is complexity.min_length, or the organisation's own policy.": (
        "The length is in bytes of UTF-8. The minimum is the setting complexity.min_length, or the organisation's."
    ),
    "Send currentPassword or verificationCode, or call as somebody with a role in the user's organisation.": (
        "Send currentPassword or verificationCode, or call as a user with a role in this user's organisation."
    ),
    "Leave x-zitadel-orgid out, or send the id of an organisation of the seed.": (
        "Omit x-zitadel-orgid, or send the id of a seed organisation."
    ),
    "The token was issued through an application; call from one of its origins, or with another token.": (
        "The token was issued through an application. Call from one of its origins, or use another token."
    ),
    "The caller's user.write is for one project; a role in the organisation or the instance is needed.": (
        "The caller has user.write for one project only. It is needed for the organisation or the instance."
    ),
    "The user was created and has never signed in; take another person of the seed.": (
        "The user was created and has never signed in. Use another seed person."
    ),
    "The setting sms_provider is external; ask for the code by mail or in the answer.": (
        "The setting sms_provider is external. Request the code by mail or in the answer."
    ),
    "newPassword and currentPassword are the same text; whether it is right has not been looked at.": (
        "newPassword and currentPassword are equal. Whether currentPassword is right was not checked."
    ),
    "bcrypt takes 72 bytes of UTF-8 (setting hasher); in profile v4.6 equal passwords fail here too.": (
        "bcrypt takes 72 bytes of UTF-8 at most (setting hasher). In profile v4.6 equal passwords fail here too."
    ),
    "Send the header Authorization: Bearer TOKEN; the people of the seed have tokens.": (
        "Send the header Authorization: Bearer TOKEN. Every seed person has a token."
    ),
    "The header has to be Bearer, one blank and the token, with a capital B and once.": (
        "The header must be the word Bearer with a capital B, one blank, and the token."
    ),
    "Take the token of a person of the seed or of a session with a checked user; an expired one is refused too.": (
        "The token is unknown or has expired. Use the token of a seed person, or of a session with a user."
    ),
    "assertion invalid: it is no signed token that names its key": (
        "assertion invalid: it is not a signed token that names its key"
    ),
    "assertion invalid: it or its key has expired": "assertion invalid: it has expired",
}
"""Our own words in hints and messages; a vendor's words never change here."""


def as_of_today(text: str) -> str:
    """Put today's sentences in the place of those that were recorded."""
    for old, new in SENTENCES.items():
        text = text.replace(old, new)
    return text
