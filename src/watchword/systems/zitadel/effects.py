"""What the operations leave behind."""

from watchword.domain.effect import MARKS, SAVES, SENDS, Effects

_OF_BOTH_PACKAGES: Effects = {
    "create_session": MARKS,
    "delete_session": SAVES,
    "password_reset": SENDS,
    "set_password": MARKS | SENDS,
    "set_session": MARKS,
}
EFFECTS: Effects = {
    **_OF_BOTH_PACKAGES,
    **{f"{name}_v2beta": effects for name, effects in _OF_BOTH_PACKAGES.items()},
    **dict.fromkeys(("deactivate_user", "delete_user", "lock_user", "reactivate_user", "unlock_user"), SAVES),
    **dict.fromkeys(("token", "token_by_get"), SAVES),
}
