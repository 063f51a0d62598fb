"""The seven operations on passwords that both products have: load, ask the rules, store, shape the answer."""

from abc import ABC, abstractmethod
from typing import Any

from watchword.domain.refusal import Refusal
from watchword.domain.tokens import digest
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.weavr import (
    creation,
    keys,
    login,
    lost_password,
    mails,
    nonces,
    passwords,
    requirements,
    sessions,
)
from watchword.systems.weavr.errors import Forbidden, InsufficientPermissions, LogInRefused
from watchword.systems.weavr.loading import find_user, find_users, read_password, start_session
from watchword.systems.weavr.records import Identity, Nonce, Programme, Scope, Session, User
from watchword.systems.weavr.requirements import Requirements
from watchword.systems.weavr.sessions import Caller, TokenForm
from watchword.systems.weavr.settings import ProgrammeSettings, WeavrSettings

Json = dict[str, Any]


class PasswordHandlers(ABC):
    """
    The operations of one product on passwords.

    Args:
        key_scheme: The name of the security scheme of the api-key in the document.
        token_scheme: The same of the Bearer token.
    """

    def __init__(self, *, key_scheme: str, token_scheme: str) -> None:
        self._key_scheme, self._token_scheme = key_scheme, token_scheme

    @abstractmethod
    def password_info(self, user: User, identity: Identity | None, expiry_date: int) -> Json:
        """Make the ``passwordInfo`` that create and update answer."""

    @abstractmethod
    def login_info(self, user: User, identity: Identity | None) -> Json:
        """Make the ``identity`` and ``credentials`` that log-in answers."""

    @abstractmethod
    def check_identity(self, identity: Identity | None) -> None:
        """Refuse a lost password because of the identity of the user, if the product does."""

    def requirements_for(self, call: Call, settings: ProgrammeSettings, user: User) -> Requirements:  # noqa: ARG002
        """Find what the passwords of *user* must look like; a product can require more."""
        return Requirements.of(settings, settings.profile(user.credential))

    @needs("password.value", parameters=("path.user_id",))
    def create_password(self, call: Call) -> Answer:
        """Give a user the first password, and log in."""
        programme, settings = self._programme(call, refusal=InsufficientPermissions)
        plain = read_password(call, "password", settings)
        user = creation.require_user(find_user(call, call.path["user_id"]), programme)
        creation.require_active_user(user)
        identity = call.tx.get(Identity, user.identity_id)
        creation.require_identity(identity)
        creation.require_no_password(user)
        holders = find_users(call, programme, user.email)
        creation.require_free_login(user, holders, unique=settings.unique_login_key)
        requirements.require_any_profile(settings)
        requirements.require_profile(settings, user.credential)
        created = creation.create_password(
            user,
            call.hasher.candidate(plain),
            requirements=self.requirements_for(call, settings, user),
            salt=call.chance.salt(),
            now=call.now,
        )
        call.tx.put(created)
        return self._with_token(call, created, identity, settings)

    @needs("oldPassword.value", "newPassword.value")
    def update_password(self, call: Call) -> Answer:
        """Replace the password of the caller."""
        caller, settings = self._caller(call, updates_password=True)
        old = call.hasher.candidate(read_password(call, "oldPassword", settings))
        new = call.hasher.candidate(read_password(call, "newPassword", settings))
        if caller.user.password is not None:
            call.hasher.compute_in_parallel(old, new, stored=caller.user.password.hash)
        password = passwords.require_old_password(caller.user, old)
        changed = passwords.change_password(
            caller.user,
            password,
            new,
            requirements=self.requirements_for(call, settings, caller.user),
            salt=call.chance.salt(),
            now=call.now,
        )
        _store_changed(call, changed)
        if caller.session.scope is Scope.UPDATE_ONLY:
            call.tx.delete(Session, caller.session.digest)
        return self._with_token(call, changed, call.tx.get(Identity, changed.identity_id), settings)

    @needs("password.value")
    def validate_password(self, call: Call) -> Answer:
        """Check the form of a password by the profile of one credential type."""
        _, settings = self._programme(call)
        plain = read_password(call, "password", settings)
        requirements.require_any_profile(settings)
        profile = requirements.require_profile(settings, settings.validated_as)
        requirements.check_form(plain, Requirements.of(settings, profile))
        return Answer(204)

    @needs("email")
    def start_lost_password(self, call: Call) -> Answer:
        """Send the mail with the nonce."""
        programme, settings = self._programme(call)
        users = find_users(call, programme, call.body["email"])
        accounts = lost_password.find_active_accounts(users, silent=settings.silent_lost_password)
        user = lost_password.choose_account(accounts, unique=settings.multiple_accounts_found)
        if user is None:
            return Answer(204)
        self.check_identity(call.tx.get(Identity, user.identity_id))
        code = nonces.draw_code(call.chance.of(user.id), random=call.settings.random_codes)
        nonce = Nonce(user.id, digest(code), call.now + settings.nonce_lifetime)
        call.tx.put(nonces.replace_nonce(call.tx.get(Nonce, user.id), nonce, now=call.now))
        link = lost_password.build_link(call.settings.portal_url, code, user.email)
        mails.send_nonce(call.outbox, to=user.email, code=code, link=link)
        return Answer(204)

    @needs("email", "nonce", "newPassword.value")
    def resume_lost_password(self, call: Call) -> Answer | Refusal:
        """Set a new password for a nonce, and log in."""
        programme, settings = self._programme(call)
        new = call.hasher.candidate(read_password(call, "newPassword", settings))
        users = find_users(call, programme, call.body["email"])
        accounts = [(user, call.tx.get(Nonce, user.id)) for user in users]
        user = nonces.redeem_nonce(accounts, call.body["nonce"], now=call.now)
        lost_password.require_active_user(user)
        password = lost_password.require_password(user)
        reset = lost_password.reset_password(
            lost_password.unlock(user, unlocks=settings.reset_unlocks),
            password,
            new,
            requirements=self.requirements_for(call, settings, user),
            salt=call.chance.salt(),
            now=call.now,
        )
        if reset.spends_nonce:
            call.tx.delete(Nonce, user.id)
        if reset.refusal is not None:
            return reset.refusal
        _store_changed(call, reset.user)
        return Answer(200, {"token": start_session(call, reset.user, settings)})

    @needs("email", "password.value")
    def login_with_password(self, call: Call) -> Answer | Refusal:
        """Log in, or count the failure."""
        programme, settings = self._programme(call, refusal=LogInRefused)
        candidate = call.hasher.candidate(read_password(call, "password", settings))
        users = find_users(call, programme, call.body["email"])
        attempt = login.log_in(users, candidate, settings=settings, now=call.now)
        call.tx.put(attempt.user)
        if isinstance(attempt, login.Failed):
            return attempt.refusal
        token = start_session(call, attempt.user, settings, scope=attempt.scope)
        if attempt.scope is Scope.UPDATE_ONLY:
            return Answer(409, {"token": token})
        identity = call.tx.get(Identity, attempt.user.identity_id)
        info = self.login_info(attempt.user, identity)
        return Answer(200, {"token": token, "tokenType": settings.token_type, **info})

    def logout(self, call: Call) -> Answer:
        """End the caller's token."""
        caller, _ = self._caller(call, updates_password=False)
        for session in sessions.end_session(caller):
            call.tx.delete(Session, session.digest)
        return Answer(204)

    def _programme(self, call: Call, *, refusal: type[Refusal] = Forbidden) -> tuple[Programme, ProgrammeSettings]:
        programme: Programme = call.callers[self._key_scheme]
        product: WeavrSettings = call.settings
        settings = product.of(programme.name)
        keys.refuse_suspended(settings, refusal=refusal)
        return programme, settings

    def _caller(
        self,
        call: Call,
        *,
        updates_password: bool,
        refusal: type[Refusal] = Forbidden,
        stranger: type[Refusal] = Forbidden,
    ) -> tuple[Caller, ProgrammeSettings]:
        """
        Find who calls.

        Args:
            refusal: The 403 of the operation.
            stranger: The answer to the key of another programme than the caller's.
        """
        programme, settings = self._programme(call, refusal=refusal)
        verified: Caller = call.callers[self._token_scheme]
        # The verifier ran in a transaction of its own; what is changed has to be read in this one.
        session = call.tx.get(Session, verified.session.digest)
        user = find_user(call, verified.user.id)
        caller = sessions.require_caller(user, session, form=TokenForm.BEARER, now=call.now)
        sessions.require_same_programme(caller, programme, refusal=stranger)
        sessions.require_active_caller(caller, refusal=refusal)
        sessions.require_scope(caller, updates_password=updates_password, refusal=refusal)
        return caller, settings

    def _with_token(self, call: Call, user: User, identity: Identity | None, settings: ProgrammeSettings) -> Answer:
        assert user.password is not None  # noqa: S101  # it was just set
        expiry = passwords.compute_expiry_date(user.password, settings.profile(user.credential).expires_after)
        token = start_session(call, user, settings)
        return Answer(200, {"passwordInfo": self.password_info(user, identity, expiry), "token": token})


def _store_changed(call: Call, user: User) -> None:
    call.tx.put(user)
    mails.send_password_changed(call.outbox, to=user.email)
