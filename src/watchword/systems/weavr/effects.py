"""What the operations of both products leave behind; each call of a signed-in user moves the end of the session."""

from watchword.domain.effect import MARKS, SAVES, SENDS, Effects

EFFECTS: Effects = {
    "consume_invite": SAVES,
    "create_password": SAVES,
    "get_user": MARKS,
    "invite_user": MARKS | SENDS,
    "list_users": MARKS,
    "login_with_password": MARKS,
    "logout": MARKS,
    "resume_lost_password": SENDS,
    "start_lost_password": SENDS,
    "update_password": MARKS | SENDS,
}
