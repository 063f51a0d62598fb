"""What has changed on purpose since the answers were recorded: our own sentences, old and new."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # Entrust: rules and settings.
    "A disabled application is answered 403, whatever it shows.": (
        "A disabled application is answered 403, even with the right secret or a valid token."
    ),
    "An application proves itself with its shared secret; an unknown one is answered like a wrong secret.": (
        "An application authenticates with its shared secret; an unknown application is answered like a wrong secret."
    ),
    "A token that is not known, or whose time is over, is answered 401.": (
        "An unknown or expired token is answered 401."
    ),
    "Authorization is a token, ``Bearer`` and a token, or an application ID, a comma and its secret.": (
        "The header Authorization holds a token, ``Bearer`` and a token, or an application ID, a comma and its secret."
    ),
    "A BCRYPT import that leaves emailPassword out asks for a mail, unless a setting relaxes it.": (
        "A BCRYPT import that leaves emailPassword out asks for a mail, unless a setting says otherwise."
    ),
    "With BCRYPT there is a password, which is the hash, even for a user who has one already.": (
        "A BCRYPT import needs a hash in the field password, even if the user has a password already."
    ),
    "With BCRYPT the user is local, currentPassword null, generate-, email- and returnPassword false.": (
        "With BCRYPT the user is local, currentPassword null, and generate-, email- and returnPassword false."
    ),
    "An imported password is a bcrypt hash of cost 04 to 12; no policy can judge it.": (
        "An imported password is a bcrypt hash of cost 04 to 12; the policy is not applied to it."
    ),
    "A user of a directory changes a password only with the present one; for others it is not looked at.": (
        "The password of a directory user changes only with the right currentPassword; for other users the "
        "field is ignored."
    ),
    "With clearPasswordHistory the history is emptied first, so that any password may come again, the "
    "present one too.": (
        "clearPasswordHistory empties the history first, so that any password may be used again, the current one too."
    ),
    "Of the passwords in the history that were imported as hashes, only the newest few are compared.": (
        "Of the imported hashes in the history only the newest few are compared."
    ),
    "None of the last passwordHistorySize passwords, the present one included, comes again.": (
        "The last passwordHistorySize passwords, the current one included, may not be used again; a "
        "validation can ignore them."
    ),
    "Without password and generatePassword only expiry, forced update and history change, if a setting allows it.": (
        "Without password and generatePassword only the expiry, the forced update and the history change."
    ),
    "A password expires at expiryTime, else after lifetimeDays; if they are 0, never.": (
        "A password expires at expiryTime, else after lifetimeDays; with lifetimeDays 0 it never expires."
    ),
    "An expiryTime lies in the future, unless a setting allows others.": (
        "An expiryTime must be in the future, unless a setting allows past ones."
    ),
    "The next notification lies some days before the expiry; there is none once that moment is over.": (
        "The user is notified some days before the expiry; a notification date in the past is not shown."
    ),
    "A new password must be changed at its next use if forceUpdate says so.": (
        "A new password must be changed at its next use if forceUpdate is true."
    ),
    "Unless emailPassword is false the user is told by mail, with the password if it was generated.": (
        "Unless emailPassword is false, the user gets a mail, which holds the password if it was generated."
    ),
    "A password may not be changed before minimumLifetime days are over.": (
        "A password may not be changed in its first minimumLifetime days."
    ),
    "A password that is not there cannot be removed: 404.": (
        "Removing the password of a user who has none is answered 404."
    ),
    "newPassword is answered only if the password was generated and returnPassword asked for it.": (
        "The answer holds newPassword only if the password was generated and returnPassword is true."
    ),
    "The role of the calling application has the permission that the operation names.": (
        "The role of the calling application needs the permission that the operation names."
    ),
    "No alias of three characters or more is inside, in any case of letters.": (
        "A password contains no alias of three or more characters, in upper or lower case."
    ),
    "A listed password is refused, and a compromised one unless they are allowed.": (
        "A listed password is refused, and so is a compromised one unless a setting allows it."
    ),
    "Each kind of character is REQUIRED (so many times), ALLOWED or NOT_ALLOWED.": (
        "Each kind of character is REQUIRED (at least a given number of times), ALLOWED or NOT_ALLOWED."
    ),
    "The full name, with or without its blanks, is not inside, in any case of letters.": (
        "A password does not contain the full name, with or without its blanks, in upper or lower case."
    ),
    "One character stands at most maximumRepeated times in a row, unless that is 0.": (
        "A character occurs at most maximumRepeated times in a row; 0 allows any number."
    ),
    "The user ID, if it has three characters or more, is not inside, in any case of letters.": (
        "A password does not contain a user ID of three or more characters, in upper or lower case."
    ),
    "A removed password stays in the history, unless it was cleared out of it.": (
        "A removed password stays in the history, unless it was cleared from it before."
    ),
    "Only a local user's password is removed, unless a setting allows others.": (
        "Only the password of a local user can be removed, unless a setting allows others."
    ),
    "A user is named by the UUID; 404 if there is none.": (
        "The path names a user by UUID; an unknown UUID is answered 404."
    ),
    "An EXTERNAL user is not given a password, unless a setting allows it.": (
        "An EXTERNAL user cannot be given a password, unless a setting allows it."
    ),
    "An INACTIVE user is not given a password, unless a setting allows it.": (
        "An INACTIVE user cannot be given a password, unless a setting allows it."
    ),
    "A password is held against every check; the history is left out with ignorePasswordHistory.": (
        "A validation is answered 200 with every check, even if the password fails some."
    ),
    "How many of the last passwords, the present one included, may not come again (assumed).": (
        "How many of the last passwords, the current one included, may not be used again (assumed)."
    ),
    "How often one character may stand in a row; 0 = any (assumed).": (
        "How often one character may occur in a row; 0 = any number (assumed)."
    ),
    "Further passwords that are refused, in any case of letters.": (
        "More passwords that are refused, in upper or lower case."
    ),
    "Least strength; the default is Good.": "Minimum strength, 0 to 4; the default is Good.",
    "A user of a directory needs currentPassword for another password; a wrong one is always refused (assumed).": (
        "A directory user needs currentPassword for a new password; a wrong one is always refused (assumed)."
    ),
    "A request without password and generatePassword changes the attributes of the present password (assumed).": (
        "A request without password and generatePassword changes the attributes of the current password (assumed)."
    ),
    # Settings that every system has.
    "At most so many requests of one caller in a window.": "A limit on the requests of one caller in a window.",
    "How many requests are let through in one window.": "How many requests are allowed in one window.",
    "Windows in which requests of one caller are counted; beyond them 429.": (
        "Limits on the requests of one caller; more requests are answered 429."
    ),
    "Base of the links in mails, so that a front end's own page opens.": (
        "What the links in mails start with: the address of your front end."
    ),
}
"""Our own words in hints and messages; a vendor's words never change here."""


def as_of_today(text: str) -> str:
    """Put today's sentences in the place of those that were recorded."""
    for old, new in SENTENCES.items():
        text = text.replace(old, new)
    return text
