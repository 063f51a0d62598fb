"""What has changed on purpose since the answers were recorded: our own sentences, old and new."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "At most so many requests of one caller in a window.": "A limit on the requests of one caller in a window.",
    "How many requests are let through in one window.": "How many requests are allowed in one window.",
    "Windows in which requests of one caller are counted; beyond them 429.": (
        "Limits on the requests of one caller; more requests are answered 429."
    ),
    "Base of the links in mails, so that a front end's own page opens.": (
        "What the links in mails start with: the address of your front end."
    ),
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
    # Weavr.
    "The old password is another.": "The old password is wrong.",
    "Log-in is closed for a while after": "Log-in is locked for a while after",
    "A password has 4 kinds of characters; missing": "A password needs 4 kinds of characters; missing",
    "It is one of the last 5 passwords.": "The new password is one of the last 5 passwords.",
    "The nonce is wrong, spent, expired or was never asked for with this address.": (
        "The nonce is wrong, used, expired or was never requested for this address."
    ),
    "The password has expired: this token is good for its update alone.": (
        "The password has expired: this token can only update it."
    ),
    "is no token, and this programme takes passwords as tokens only: tokenise": (
        "is not a token, and this programme accepts passwords as tokens only: tokenise"
    ),
    "To create a password for a user whose identity cannot be found is answered UNRESOLVED_IDENTITY.": (
        "Creating a password for a user whose identity cannot be found is answered UNRESOLVED_IDENTITY."
    ),
    "To create a password for an inactive user is answered 403.": (
        "Creating a password for an inactive user is answered 403."
    ),
    "An e-mail address with which another user of the programme logs in is answered PASSWORD_KEY_ALREADY_IN_USE.": (
        "Creating a password for a user with the e-mail address of another user who logs in with it is answered "
        "PASSWORD_KEY_ALREADY_IN_USE."
    ),
    "To create a password for a user whom the programme of the key does not have is answered 404.": (
        "Creating a password for a user who is not in the programme of the key is answered 404."
    ),
    "A request without `api-key`, or with an empty one, is answered 400 with REQUIRED, beside all other violations.": (
        "A missing or empty `api-key` is answered 400 with REQUIRED, together with all other violations."
    ),
    "A right password that has expired is answered 409 with a token that is good for the update alone.": (
        "A right password that has expired is answered 409 with a token that can only update the password."
    ),
    "Too many wrong passwords in a row close log-in for 30 minutes: 423, for the right one too.": (
        "Too many wrong passwords in a row lock log-in for 30 minutes: 423, for the right one too."
    ),
    "A password that is set with a nonce leaves log-in closed if too many wrong ones closed it, unless set to open.": (
        "Resetting a password leaves a locked log-in locked, unless the programme is set to unlock it."
    ),
    "A user who never had a password may ask for the mail, but setting one with it is answered PASSWORD_NOT_SET.": (
        "A user who never had a password can request the mail, but setting one with it is answered PASSWORD_NOT_SET."
    ),
    "A programme may be set to answer a lost password of an unknown address 204, without a mail.": (
        "A programme can be set to answer a lost password of an unknown address 204, without a mail."
    ),
    "A new password that breaks a rule leaves the nonce good for another try; a set password spends it.": (
        "A new password that breaks a rule leaves the nonce valid for another try; a set password uses it up."
    ),
    "A nonce is good for one hour.": "A nonce is valid for one hour.",
    "A nonce that is wrong, spent, expired or was never asked for, or an unknown address: INVALID_NONCE_OR_EMAIL.": (
        "A nonce that is wrong, used, expired or was never requested, or an unknown address: INVALID_NONCE_OR_EMAIL."
    ),
    "The answer tells in milliseconds since 1970 when the password expires, and 0 if it never does.": (
        "The answer has the moment when the password expires, in milliseconds since 1970, or 0 if it never expires."
    ),
    "A new password equals none of the last five, the present one included; the sixth last may come back.": (
        "A new password differs from the last five, the present one included; the sixth last may come back."
    ),
    "A programme that the vendor has suspended may call nothing: 403.": (
        "Every call with the key of a suspended programme is answered 403."
    ),
    "A token ends five minutes after its last use; tokens of the seed people never do.": (
        "A token ends five minutes after its last use; tokens of the seed people never end."
    ),
    "The token of an expired password is good for the update of the password; every other call is answered 403.": (
        "The token of an expired password can only update the password; every other call with it is answered 403."
    ),
    "A token is good for 30 minutes.": "A token is valid for 30 minutes.",
    "A token has 24 letters and digits, and may be used again until it expires.": "A token has 24 letters and digits.",
    "A live token stands for its password, an expired one is answered 410; anything else is a plain password, but "
    "for a programme that takes tokens only it is 404 if it looks like a token, and 400 otherwise.": (
        "A live token stands for its password, however often it is sent, and an expired one is answered 410. "
        "Anything else is a plain password; but a programme that accepts tokens only answers 404 if it looks like "
        "a token, and 400 otherwise."
    ),
    "Whoever is neither a Consumer nor a Corporate needs 12 characters at least instead of 8.": (
        "The password of a user who is neither a Consumer nor a Corporate needs at least 12 characters instead of 8."
    ),
    "To create a password with an empty `api-key` is answered 401, not 400 as everywhere else.": (
        "Creating a password with an empty `api-key` is answered 401, not 400 as everywhere else."
    ),
    "Whether a user is the root of an identity (Payment Run: its administrator) or one of its further users.": (
        "Whether a user is the root user of an identity (Payment Run: its administrator) or a further user."
    ),
    "How many of lower case, upper case, digit and special must be there.": (
        "How many of these kinds of characters are required: lower case, upper case, digit, special."
    ),
    "How long a password is good; null for ever.": "How long a password is valid; null: for ever.",
    '"default":30,"description":"Greatest number of characters."': (
        '"default":30,"description":"Maximum number of characters."'
    ),
    "Least number of characters.": "Minimum number of characters.",
    "How one programme behaves.": "The settings of one programme.",
    "How many last passwords are refused.": "How many of the last passwords are refused.",
    "Wrong passwords at log-in that close it (assumed).": "How many wrong passwords in a row lock log-in (assumed).",
    "How long log-in stays closed.": "How long log-in stays locked.",
    "How long the code in a lost-password mail is good.": "How long the code in a lost-password mail is valid.",
    "The present password is one of the last ones (assumed); false: it may be set again, and as many before it are "
    "refused.": (
        "The present password is one of the last passwords (assumed); false: it can be set again, and as many "
        "passwords before it are refused."
    ),
    "A lost password that is set anew opens log-in that too many failures closed (assumed).": (
        "Resetting a lost password unlocks log-in (assumed)."
    ),
    "For root users, administrators.": "The profile of root users (Payment Run: administrators).",
    "How long a login token is good after its last use.": "How long a login token is valid after its last use.",
    "Not PCI compliant: passwords are taken as tokens only, never plain.": (
        "Not PCI compliant: passwords are accepted as tokens only, never as plain text."
    ),
    "An e-mail address that another user logs in with is answered PASSWORD_KEY_ALREADY_IN_USE (assumed); false: "
    "several users may share one, and the password tells who logs in.": (
        "An e-mail address that another user logs in with is answered PASSWORD_KEY_ALREADY_IN_USE (assumed); "
        "false: several users can share an address, and the password decides who logs in."
    ),
    "Without any password profile the answer is UNRESOLVED_IDENTITY (assumed); false: "
    "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE, as without the one that is needed.": (
        "Without any password profile the answer is UNRESOLVED_IDENTITY (assumed); false: "
        "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE, as if only the required profile were missing."
    ),
    "For further users.": "The profile of further users.",
    "By whose profile a password is validated, no user being known (assumed).": (
        "Whose profile validates a password: this call names no user (assumed)."
    ),
    "What both products have, the longer passwords of those who are no end users, and the tokeniser.": (
        "The settings of both products, the longer passwords of users who are not end users, and the tokeniser."
    ),
    "Ids of users who are inactive from now on, beside those that the seed made so.": (
        "Ids of users who are inactive, besides the inactive seed people."
    ),
    "Least number of characters for who is neither Consumer nor Corporate.": (
        "Minimum number of characters for a user who is neither a Consumer nor a Corporate."
    ),
    "How long a tokenised password is good (assumed).": "How long a tokenised password is valid (assumed).",
    "How programmes behave.": "The settings of all programmes.",
    "In what single programmes differ, by name (main, neighbour, vault, quarterly, users-only, unprofiled, "
    "suspended); the rest, in profiles too, is as in 'programme'.": (
        "The settings of single programmes, by name (main, neighbour, vault, quarterly, users-only, unprofiled, "
        "suspended); what is not set here, in profiles too, is as in 'programme'."
    ),
    "What both products have. How long tokenised passwords are good is a setting of Multi, which mints them.": (
        "The settings of both products. The lifetime of password tokens is a setting of Multi, which makes them."
    ),
}
"""Our own words in hints and messages; a vendor's words never change here."""


def as_of_today(text: str) -> str:
    """Put today's sentences in the place of those that were recorded."""
    for old, new in SENTENCES.items():
        text = text.replace(old, new)
    return text
