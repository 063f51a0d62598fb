"""Payment Run's façade over the core."""

from watchword.systems.weavr.handlers import Json, PasswordHandlers
from watchword.systems.weavr.records import CredentialType, Identity, User

_CREDENTIALS = {CredentialType.ROOT: "ADMIN", CredentialType.USER: "USER"}


class Handlers(PasswordHandlers):
    """The operations of Payment Run."""

    def lost_by(self, _user: User, _identity: Identity | None) -> None:
        """Let the mail go out in any case: the page knows no 404 here."""

    def password_info(self, user: User, _identity: Identity | None, expiry_date: int) -> Json:
        return {"buyerId": user.identity_id, "expiryDate": expiry_date}

    def logged_in(self, user: User, _identity: Identity | None) -> Json:
        return {
            "identity": {"type": "BUYER", "id": user.identity_id},
            "credentials": {"type": _CREDENTIALS[user.credential], "id": user.id},
        }
