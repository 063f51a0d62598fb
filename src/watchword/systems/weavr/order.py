"""
In which order both products check a request.

Observed of the real service as a whole: form of the request, credentials, password token, user, length, complexity,
history.
Where that leaves the order of two checks open, the first of them gives the reason for ours.
"""

from watchword.domain.order import CheckOrder, Step
from watchword.domain.rule import ASSUMED, OBSERVED

_SEEN = "Order of the refusals of the real service."
_CALLER_FIRST = "Who calls is checked before what was sent."
_LAST = "Nothing is checked after it."

_KEY_REQUIRED = Step("weavr.key.required", OBSERVED, _SEEN)
_KEY_KNOWN = Step("weavr.key.known", ASSUMED, "Only a programme that was found can be suspended.")
_KEY = (
    _KEY_REQUIRED,
    _KEY_KNOWN,
    Step("weavr.programme.suspended", ASSUMED, _CALLER_FIRST),
)
_CALLER = (
    _KEY_REQUIRED,
    Step(
        "weavr.session.known", ASSUMED, "The page lists auth_token before api-key; both are answered by an empty 401."
    ),
    _KEY_KNOWN,
    Step("weavr.programme.suspended", ASSUMED, "The programme comes before its users."),
    Step("weavr.session.programme", ASSUMED, "A programme learns nothing about the users of another one."),
    Step("weavr.session.inactive", ASSUMED, _CALLER_FIRST),
)
_TOKEN = Step("weavr.token.resolved", OBSERVED, _SEEN)
_PROFILES = (
    Step("weavr.profile.any", ASSUMED, "The code for one missing profile says that there are others."),
    Step("weavr.profile.type", ASSUMED, "The profile says how long a password must be."),
)
_LENGTH = Step("weavr.password.length", OBSERVED, _SEEN)
_FORM = (_LENGTH, Step("weavr.password.complexity", OBSERVED, _LAST))
_FORM_AND_HISTORY = (
    _LENGTH,
    Step("weavr.password.complexity", OBSERVED, _SEEN),
    Step("weavr.password.history", OBSERVED, _LAST),
)

CREATE = CheckOrder(
    "create_password",
    (
        *_KEY,
        _TOKEN,
        Step("weavr.create.user", ASSUMED, "Only a user who was found can be inactive."),
        Step("weavr.create.inactive", ASSUMED, "A 403 comes before the conflicts."),
        Step("weavr.create.identity", ASSUMED, "Whose password it is comes before what is known of the password."),
        Step("weavr.create.once", ASSUMED, "The user comes before other users."),
        Step("weavr.create.login-key", ASSUMED, "The users come before the settings of the programme."),
        *_PROFILES,
        *_FORM,
    ),
)
UPDATE = CheckOrder(
    "update_password",
    (*_CALLER, _TOKEN, Step("weavr.update.old-password", OBSERVED, _SEEN), *_FORM_AND_HISTORY),
)
VALIDATE = CheckOrder("validate_password", (*_KEY, _TOKEN, *_PROFILES, *_FORM))
RESUME = CheckOrder(
    "resume_lost_password",
    (
        *_KEY,
        _TOKEN,
        Step("weavr.nonce.redeemed", ASSUMED, "Without the nonce the answer says nothing about a user."),
        Step("weavr.lost.inactive", ASSUMED, "A 403 comes before the conflicts."),
        Step("weavr.lost.not-set", OBSERVED, _SEEN),
        *_FORM_AND_HISTORY,
    ),
)
LOG_IN = CheckOrder(
    "login_with_password",
    (
        *_KEY,
        _TOKEN,
        Step("weavr.login.locked", ASSUMED, "The page has 423 for too many wrong passwords: one more is not checked."),
        Step("weavr.login.refused", OBSERVED, "A wrong password that has expired is answered as a wrong one."),
        Step("weavr.login.expired", OBSERVED, _LAST),
    ),
)
LOG_OUT = CheckOrder("logout", (*_CALLER, Step("weavr.session.temporary", OBSERVED, _LAST)))

_CODE = Step("weavr.invite.redeemed", OBSERVED, _LAST)
_MANAGER = (*_CALLER, Step("weavr.session.temporary", ASSUMED, _CALLER_FIRST))
_IDENTITY = Step("weavr.users.identity", ASSUMED, "A caller learns nothing about the users of others.")
_USER = (
    Step("weavr.users.found", ASSUMED, "Only a user who was found can belong to somebody else."),
    Step("weavr.users.identity", ASSUMED, _LAST),
)
_INVITED = (
    Step("weavr.invite.programme", ASSUMED, "A programme learns nothing about the users of another one."),
    Step("weavr.invite.inactive", ASSUMED, "A 403 comes before the conflicts."),
)
_CONSUMED = (
    Step("weavr.invite.user", ASSUMED, "Only a user who was found can belong to another programme."),
    *_INVITED,
    Step("weavr.invite.root", OBSERVED, "A root user with a password is not answered PASSWORD_ALREADY_CREATED."),
    Step("weavr.create.identity", ASSUMED, "Whose password it is comes before what is known of the password."),
    Step("weavr.create.once", OBSERVED, "A consumed invitation is answered PASSWORD_ALREADY_CREATED."),
    Step("weavr.invite.redeemed", ASSUMED, "Without the code the answer says nothing about other users."),
    Step("weavr.create.login-key", ASSUMED, "The users come before the settings of the programme."),
    *_PROFILES,
    *_FORM,
)


def user_orders(manager: tuple[Step, ...] = (), once: tuple[Step, ...] = ()) -> tuple[CheckOrder, ...]:
    """
    Make the orders of the operations on users and invitations.

    Args:
        manager: What a product checks besides of a caller who reads or invites users.
        once: What it checks of a request that names itself.
    """
    managed = (*_MANAGER, *manager)
    return (
        CheckOrder("list_users", managed),
        CheckOrder("get_user", (*managed, *_USER)),
        CheckOrder(
            "invite_user",
            (*managed, *once, *_USER[:-1], _IDENTITY, Step("weavr.invite.consumed", ASSUMED, _LAST)),
        ),
        CheckOrder("validate_invite", (*_KEY, *once, *_INVITED, _CODE)),
        CheckOrder("consume_invite", (*_KEY, _TOKEN, *once, *_CONSUMED)),
    )


def start_order(*after_account: Step) -> CheckOrder:
    """
    Make the order of the start of a lost password.

    Args:
        after_account: What a product checks besides, last.
    """
    return CheckOrder(
        "start_lost_password",
        (
            *_KEY,
            Step("weavr.lost.account", ASSUMED, "Accounts have to be found before there can be too many."),
            Step("weavr.lost.multiple", ASSUMED, "Only one account has one identity." if after_account else _LAST),
            *after_account,
        ),
    )


def orders(start: CheckOrder) -> tuple[CheckOrder, ...]:
    """List the orders of the seven operations on passwords that both products have."""
    return CREATE, UPDATE, VALIDATE, start, RESUME, LOG_IN, LOG_OUT
