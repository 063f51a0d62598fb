"""The operations of Payment Run: its shapes."""

from collections.abc import Callable

from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.system import Answer, Call
from watchword.systems.weavr.handlers import Json
from watchword.systems.weavr.records import CredentialType, Identity, User
from watchword.systems.weavr.sessions import Caller
from watchword.systems.weavr.user_handlers import UserHandlers, show_details
from watchword.systems.weavr_payment_run import idempotency, rules
from watchword.systems.weavr_payment_run.settings import Settings

_CREDENTIALS = {CredentialType.ROOT: "ADMIN", CredentialType.USER: "USER"}


class Handlers(UserHandlers):
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

    def check_manager(self, caller: Caller) -> None:
        rules.require_administrator(caller)

    def stranger_refusal(self) -> type[Refusal]:
        return rules.choose_stranger_refusal()

    def user_info(self, user: User, _identity: Identity | None, added_by: User | None) -> Json:
        shown = {"id": user.id, "buyerId": user.identity_id, **show_details(user)}
        if added_by is not None:
            shown["addedBy"] = {"rolesNames": [_CREDENTIALS[added_by.credential]], "userId": added_by.id}
        return shown

    def run_once(self, call: Call, act: Callable[[], Answer], *, password: Secret | None = None) -> Answer:
        own: Settings = call.settings
        programme = call.callers[self._key_scheme]
        return idempotency.run_once(call, programme, act, password=password, lifetime=own.idempotency_lifetime)
