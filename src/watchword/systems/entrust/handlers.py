"""The operations: load, one rule, save, shape the answer."""

from watchword.domain.secret import Secret
from watchword.system import Answer, Call
from watchword.systems.entrust import access, answers, mails, rules
from watchword.systems.entrust.parms import parms
from watchword.systems.entrust.records import Application, User


def set_password(call: Call) -> Answer:
    """Set a user password."""
    wish = parms(call.body)
    change = rules.set_password(
        _user(call), wish, now=call.now, settings=call.settings, chance=call.chance, hasher=call.hasher
    )
    call.tx.put(change.user)
    if change.changed and wish.emailed:
        portal = call.settings.portal_url
        mails.announce(change.user, new_password=change.new_password, portal_url=portal, outbox=call.outbox)
    shown = change.new_password if wish.return_password else None
    return Answer(body=answers.user_password(change.user, call.settings, now=call.now, new_password=shown))


def get_password(call: Call) -> Answer:
    """Get the state of a user password."""
    return Answer(body=answers.user_password(rules.known(_user(call)), call.settings, now=call.now))


def delete_password(call: Call) -> Answer:
    """Delete a user password."""
    call.tx.put(rules.removed(_user(call), call.settings))
    return Answer()


def get_password_settings(call: Call) -> Answer:
    """Get the password settings of a user."""
    rules.known(_user(call))
    return Answer(body=answers.password_settings(call.settings.password))


def validate_password(call: Call) -> Answer:
    """Validate a password for a user."""
    judgement = rules.judged(
        call.hasher.candidate(Secret(call.body["password"])),
        user=rules.known(_user(call)),
        policy=call.settings.password,
        ignore_history=bool(call.body.get("ignorePasswordHistory")),
    )
    return Answer(body=answers.validation(judgement))


def authenticate(call: Call) -> Answer:
    """Authenticate an administration application."""
    found = call.tx.get(Application, call.body["applicationId"].lower())
    application = access.enabled(access.proved(found, Secret(call.body["sharedSecret"])))
    token = call.chance.token()
    issued = access.issued(application, token=token, now=call.now)
    call.tx.put(issued)
    return Answer(body=answers.authentication(token, issued, now=call.now))


def _user(call: Call) -> User | None:
    return call.tx.get(User, call.path["userid"].lower())
