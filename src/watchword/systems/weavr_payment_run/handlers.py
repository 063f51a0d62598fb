"""The operations of Payment Run: its shapes."""

from watchword.systems.weavr.handlers import Json, PasswordHandlers
from watchword.systems.weavr.records import CredentialType, Identity, User

_CREDENTIALS = {CredentialType.ROOT: "ADMIN", CredentialType.USER: "USER"}


class Handlers(PasswordHandlers):
    """The operations of Payment Run."""

    def check_identity(self, _identity: Identity | None) -> None:
        """Refuse nothing: the page has no 404 for a lost password."""

    def password_info(self, user: User, _identity: Identity | None, expiry_date: int) -> Json:
        return {"buyerId": user.identity_id, "expiryDate": expiry_date}

    def login_info(self, user: User, _identity: Identity | None) -> Json:
        return {
            "identity": {"type": "BUYER", "id": user.identity_id},
            "credentials": {"type": _CREDENTIALS[user.credential], "id": user.id},
        }
