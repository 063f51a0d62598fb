"""The operations of the document: load, run an operation of ``operations.py``, save, shape the answer."""

from watchword.domain.secret import Secret
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.entrust import access, answers, mails, operations
from watchword.systems.entrust.parms import read_parms
from watchword.systems.entrust.records import Application, User
from watchword.systems.entrust.users import require_user

_PARMS = (
    "password",
    "currentPassword",
    "passwordFormat",
    "generatePassword",
    "returnPassword",
    "emailPassword",
    "clearPasswordHistory",
    "expiryTime",
    "forceUpdate",
)


@needs(optional=_PARMS, parameters=("path.userid",))
def set_password(call: Call) -> Answer:
    """Set a user password."""
    parms = read_parms(call.body)
    change = operations.set_password(
        _find_user(call), parms, now=call.now, settings=call.settings, chance=call.chance, hasher=call.hasher
    )
    call.tx.put(change.user)
    if change.changed:
        portal_url = call.settings.portal_url
        mails.send_mail(change.user, parms, new_password=change.new_password, portal_url=portal_url, outbox=call.outbox)
    returned = answers.return_password(change.new_password, parms)
    return Answer(body=answers.user_password(change.user, call.settings, now=call.now, new_password=returned))


@needs(parameters=("path.userid",))
def get_password(call: Call) -> Answer:
    """Get the state of a user password."""
    return Answer(body=answers.user_password(_find_user(call), call.settings, now=call.now))


@needs(parameters=("path.userid",))
def delete_password(call: Call) -> Answer:
    """Delete a user password."""
    call.tx.put(operations.remove_password(_find_user(call), call.settings))
    return Answer()


@needs(parameters=("path.userid",))
def get_password_settings(call: Call) -> Answer:
    """Get the password settings of a user."""
    _find_user(call)
    return Answer(body=answers.password_settings(call.settings.password))


@needs("password", optional=("ignorePasswordHistory",), parameters=("path.userid",))
def validate_password(call: Call) -> Answer:
    """Validate a password for a user."""
    judgement = operations.validate_password(
        _find_user(call),
        Secret(call.body["password"]),
        ignore_history=bool(call.body.get("ignorePasswordHistory")),
        settings=call.settings,
        hasher=call.hasher,
    )
    return Answer(body=answers.validation(judgement))


@needs("applicationId", "sharedSecret")
def authenticate(call: Call) -> Answer:
    """Authenticate an administration application."""
    found = call.tx.get(Application, call.body["applicationId"].lower())
    application = access.prove_secret(found, Secret(call.body["sharedSecret"]))
    access.require_enabled(application)
    token = Secret(call.chance.of(application.id).token())
    record = access.issue_token(application, token=token, now=call.now)
    call.tx.put(record)
    return Answer(body=answers.authentication(token, record, now=call.now))


def _find_user(call: Call) -> User:
    return require_user(call.tx.get(User, call.path["userid"].lower()))
