"""What has changed on purpose since the answers were recorded: our own sentences, old and new."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
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
