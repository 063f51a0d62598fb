"""
What has changed on purpose since the answers were recorded: our own sentences, and which operations ask a rule.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

SENTENCES: Mapping[str, str] = {
    # What is wrong with a setting is said in our own words.
    "Input should be greater than 0 seconds": "must be more than 0 seconds",
    # Front ends with a hash router have portals too.
    r'''"^https?://[^\\s?#]+$","title":"Portal Url","type":"string"''': (
        r'''"^https?://[^\\s?#]+((\\?[^\\s#]*)?#[^\\s?]*)?$","title":"Portal Url","type":"string"'''
        r""","x-must":"be an http or https address such as http://localhost:3000/app,"""
        r''' or http://localhost:3000/# for a hash router"'''
    ),
    # Durations have one grammar everywhere, and the inbox is read from a time or a message on.
    "12:00:00Z (a + in a query is written %2B)": "12:00:00Z (a + in a query is written %2B), or the id of a message",
    "up to 30 seconds or 9999 milliseconds, for example 5s or 250ms": (
        "a duration of up to 30 seconds, for example 5s, PT5S or 250ms; a number alone is seconds"
    ),
    "be an ISO 8601 duration of up to 99 years, 999 weeks, 9999 days, 99999 hours, 999999 minutes or 99999999 seconds,"
    " for example P1D, PT90S or -PT1H": (
        "be a duration of up to 99 years, 999 weeks, 9999 days, 99999 hours, 999999 minutes or 99999999 seconds,"
        " for example 90s, 61m, P1D, PT90S or -PT1H; a number alone is seconds"
    ),
    "At most so many requests of one caller in a window.": "A limit on the requests of one caller in a window.",
    "How many requests are let through in one window.": "How many requests are allowed in one window.",
    "Windows in which requests of one caller are counted; beyond them 429.": (
        "Limits on the requests of one caller; more requests are answered 429."
    ),
    "Base of the links in mails, so that a front end's own page opens.": (
        "What the links in mails start with: the address of your front end."
    ),
    "or of an inactive user is answered 403, empty.": "or of an inactive user is answered 403.",
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
    # Every header that the document declares may be read by pages of other origins.
    "grpc-message, grpc-status, grpc-status-details-bin": (
        "grpc-message, grpc-status, grpc-status-details-bin,"
        " grpcgateway-cache-control, grpcgateway-content-type, grpcgateway-pragma, x-robots-tag"
    ),
    "assertion invalid: it or its key has expired": "assertion invalid: it has expired",
    "assertion invalid: aud has to be the issuer, http://sso.example:7070": (
        "assertion invalid: aud has to be the issuer that /.well-known/openid-configuration names"
    ),
}
"""Our own words in hints and messages; a vendor's words never change here."""

OPERATIONS: Mapping[str, Sequence[str]] = {
    "entrust.history.imported": ("entrust.validate_password", "entrust.set_password"),
    "weavr.session.sliding": (
        "weavr_multi.login_with_password",
        "weavr_multi.logout",
        "weavr_multi.resume_lost_password",
        "weavr_multi.update_password",
        "weavr_multi.create_password",
        "weavr_payment_run.login_with_password",
        "weavr_payment_run.logout",
        "weavr_payment_run.create_password",
        "weavr_payment_run.resume_lost_password",
        "weavr_payment_run.update_password",
    ),
    "weavr_payment_run.key.empty": (
        "weavr_payment_run.login_with_password",
        "weavr_payment_run.logout",
        "weavr_payment_run.create_password",
        "weavr_payment_run.resume_lost_password",
        "weavr_payment_run.start_lost_password",
        "weavr_payment_run.update_password",
        "weavr_payment_run.validate_password",
    ),
    "zitadel.current.tarpit": ("zitadel.create_session", "zitadel.set_password", "zitadel.set_password_v2beta"),
    "zitadel.details.sequence": (
        "zitadel.create_session",
        "zitadel.set_password",
        "zitadel.password_reset",
        "zitadel.set_password_v2beta",
        "zitadel.password_reset_v2beta",
    ),
}
"""The operations in the list of rules, where the document had left out some that ask the rule."""

LOG_IN_REFUSED = "weavr_payment_run.login_with_password", 403
"""Had no body, though the vendor's document gives it one."""
_INSUFFICIENT = "INSUFFICIENT_PERMISSIONS"


def outcome_of_today(operation: str, status: int, name: str, protocol: str) -> tuple[str, int, str, str]:
    """Name the outcome that a test of then reaches today."""
    return operation, status, _INSUFFICIENT if (operation, status) == LOG_IN_REFUSED else name, protocol


def answer_of_today(path: str, query: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put what is answered today in the place of what was recorded."""
    if query == "wait=5":
        # A number alone is seconds, here as in flags.
        body = '{"messages":[]}'
        headers = [["content-type", "application/json"], ["content-length", str(len(body))], answer["headers"][-1]]
        return {**answer, "status": 200, "headers": headers, "body": body}
    if not (path.endswith("/v1/login_with_password") and answer["status"] == LOG_IN_REFUSED[1] and not answer["body"]):
        return answer
    body = f'{{"errorCode":"{_INSUFFICIENT}"}}'
    *before, _, vary = answer["headers"]
    headers = [*before, ["content-type", "application/json"], ["content-length", str(len(body))], vary]
    return {**answer, "headers": headers, "body": body}


def as_of_today(text: str) -> str:
    """Put today's sentences, and today's operations of a rule, in the place of those that were recorded."""
    for old, new in SENTENCES.items():
        text = text.replace(old, new)
    for rule, operations in OPERATIONS.items():
        recorded = rf'({{"id":"{re.escape(rule)}",[^{{}}]*"operations":)\[[^]]*]'
        listed = json.dumps(operations, separators=(",", ":"))
        text = re.sub(recorded, rf"\g<1>{listed}", text)
    return text
