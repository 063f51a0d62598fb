"""
The order of checks of each operation.

No page of the vendor tells an order, so every place in it is assumed; each step says why it comes before the next.
"""

from watchword.domain.order import CheckOrder, Step
from watchword.domain.rule import ASSUMED

_CREDENTIAL = (
    Step(
        "entrust.authorization.forms",
        ASSUMED,
        "the header has to be read before what it holds can be checked",
    ),
    Step(
        "entrust.authentication.secret",
        ASSUMED,
        "a header holds either a secret or a token, so this check and the next one never meet",
    ),
    Step(
        "entrust.authorization.expired",
        ASSUMED,
        "a caller without a valid credential is not told whether the application is disabled",
    ),
    Step(
        "entrust.authentication.disabled",
        ASSUMED,
        "what the role of a disabled application allows makes no difference",
    ),
    Step(
        "entrust.permission.required",
        ASSUMED,
        "an application without the permission is not told which users exist",
    ),
)
_USER = (
    *_CREDENTIAL,
    Step("entrust.user.by-uuid", ASSUMED, "the other checks are about the user, who has to be found first"),
)
_HERE_FIRST = "first whether the user can have a password here at all"
_REQUEST_NEXT = "whether the request agrees with itself comes before the current password"
_CURRENT_NEXT = "the current password comes before the new one"
_NEW_LAST = "the new password comes last; every failed check of it is answered at once, listed in this order"

ORDERS = (
    CheckOrder(
        "set_password",
        (
            *_USER,
            Step("entrust.user.inactive", ASSUMED, _HERE_FIRST),
            Step("entrust.user.external", ASSUMED, _HERE_FIRST),
            Step("entrust.password.expiry-in-future", ASSUMED, _REQUEST_NEXT),
            Step("entrust.bcrypt.restrictions", ASSUMED, _REQUEST_NEXT),
            Step("entrust.bcrypt.hash-required", ASSUMED, _REQUEST_NEXT),
            Step("entrust.password.attributes-only", ASSUMED, _REQUEST_NEXT),
            Step(
                "entrust.directory.current-password",
                ASSUMED,
                "a caller who does not know the current password is not told its age",
            ),
            Step("entrust.password.minimum-lifetime", ASSUMED, _CURRENT_NEXT),
            Step("entrust.bcrypt.well-formed", ASSUMED, "an imported hash is not judged, so the policy is not asked"),
            Step("entrust.policy.length", ASSUMED, _NEW_LAST),
            Step("entrust.policy.characters", ASSUMED, _NEW_LAST),
            Step("entrust.policy.repeated", ASSUMED, _NEW_LAST),
            Step("entrust.policy.ad-complexity", ASSUMED, _NEW_LAST),
            Step("entrust.policy.user-id", ASSUMED, _NEW_LAST),
            Step("entrust.policy.alias", ASSUMED, _NEW_LAST),
            Step("entrust.policy.full-name", ASSUMED, _NEW_LAST),
            Step("entrust.policy.blacklist", ASSUMED, _NEW_LAST),
            Step("entrust.policy.strength", ASSUMED, _NEW_LAST),
            Step("entrust.history.size", ASSUMED, _NEW_LAST),
        ),
    ),
    CheckOrder("get_password", _USER),
    CheckOrder(
        "delete_password",
        (
            *_USER,
            Step("entrust.removal.local-only", ASSUMED, _HERE_FIRST),
            Step("entrust.password.nothing-to-remove", ASSUMED, "it is the last check"),
        ),
    ),
    CheckOrder("get_password_settings", _USER),
    CheckOrder("validate_password", _USER),
    CheckOrder(
        "authenticate",
        (
            Step(
                "entrust.authentication.secret",
                ASSUMED,
                "a caller without the secret is not told whether the application is disabled",
            ),
            Step("entrust.authentication.disabled", ASSUMED, "it is the last check"),
        ),
    ),
)
