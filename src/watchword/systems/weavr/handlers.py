"""The seven operations that both products have: load, one rule, save, shape the answer."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from watchword.domain.hashing import Candidate
from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Answer, Call
from watchword.systems.weavr import access, login, lost_password, mails, passwords, tokeniser
from watchword.systems.weavr.access import Caller
from watchword.systems.weavr.errors import AccountNotFound, Forbidden, InsufficientPermissions
from watchword.systems.weavr.passwords import Requirements
from watchword.systems.weavr.records import (
    Identity,
    Nonce,
    Password,
    PasswordToken,
    Programme,
    Scope,
    Session,
    User,
)
from watchword.systems.weavr.settings import ProgrammeSettings, WeavrSettings

Json = dict[str, Any]


class PasswordHandlers(ABC):
    """
    One product: its façade over the core.

    Args:
        key_scheme: The name of the security scheme of the api-key in the document.
        token_scheme: The same of the Bearer token.
    """

    def __init__(self, *, key_scheme: str, token_scheme: str) -> None:
        self._key_scheme, self._token_scheme = key_scheme, token_scheme

    @abstractmethod
    def password_info(self, user: User, identity: Identity | None, expiry_date: int) -> Json:
        """Shape what create and update tell about a password."""

    @abstractmethod
    def logged_in(self, user: User, identity: Identity | None) -> Json:
        """Shape who logged in: ``identity`` and ``credentials``."""

    def requirements(self, call: Call, settings: ProgrammeSettings, user: User) -> Requirements:  # noqa: ARG002
        """Tell what the passwords of *user* must look like; a product may ask for more, by its own settings."""
        return Requirements.of(settings, settings.profile(user.credential))

    @abstractmethod
    def lost_by(self, user: User, identity: Identity | None) -> None:
        """Object, or not, to a user with this identity starting over."""

    def create_password(self, call: Call) -> Answer:
        """Give a user the first password, and log in."""
        programme, settings = self._programme(call, refusal=InsufficientPermissions)
        plain = _plain(call, "password", settings)
        user = passwords.known_user(_user(call, call.path["user_id"]), programme)
        passwords.not_inactive(user)
        identity = passwords.resolved_identity(call.tx.get(Identity, user.identity_id))
        passwords.without_password(user)
        passwords.free_login(user, _users(call, programme, user.email), unique=settings.unique_login_key)
        passwords.some_profile(settings)
        passwords.profile_for(settings, user.credential)
        created = passwords.create(
            user,
            call.hasher.candidate(plain),
            requirements=self.requirements(call, settings, user),
            salt=call.chance.salt(),
            now=call.now,
        )
        call.tx.put(created)
        return self._with_token(call, created, identity, settings)

    def update_password(self, call: Call) -> Answer:
        """Replace the password of the caller."""
        caller, _, settings = self._caller(call)
        old = call.hasher.candidate(_plain(call, "oldPassword", settings))
        new = call.hasher.candidate(_plain(call, "newPassword", settings))
        if caller.user.password is not None:
            call.hasher.compute_in_parallel(old, new, stored=caller.user.password.hash)
        password = passwords.knows_old(caller.user, old)
        changed = self._changed(call, caller.user, password, new, settings)
        if caller.session.scope is Scope.UPDATE_ONLY:
            call.tx.delete(Session, caller.session.digest)
        return self._with_token(call, changed, call.tx.get(Identity, changed.identity_id), settings)

    def validate_password(self, call: Call) -> Answer:
        """Judge the form of a password for users of one credential type."""
        _, settings = self._programme(call)
        plain = _plain(call, "password", settings)
        passwords.some_profile(settings)
        profile = passwords.profile_for(settings, settings.validated_as)
        passwords.check_form(plain, Requirements.of(settings, profile))
        return Answer(204)

    def start_lost_password(self, call: Call) -> Answer:
        """Send the mail with the nonce."""
        programme, settings = self._programme(call)
        try:
            accounts = lost_password.active_accounts(_users(call, programme, call.body["email"]))
        except AccountNotFound:
            if settings.silent_lost_password:
                return Answer(204)
            raise
        user = lost_password.single_account(accounts, refused=settings.multiple_accounts_found)
        self.lost_by(user, call.tx.get(Identity, user.identity_id))
        code = lost_password.new_code(call.chance, random=call.settings.random_codes)
        call.tx.put(lost_password.issued(user, code, now=call.now, lifetime=settings.nonce_lifetime))
        link = lost_password.link(call.settings.portal_url, code, user.email)
        mails.lost_password(call.outbox, to=user.email, code=code, link=link)
        return Answer(204)

    def resume_lost_password(self, call: Call) -> Answer:
        """Set a new password for a nonce, and log in."""
        programme, settings = self._programme(call)
        new = call.hasher.candidate(_plain(call, "newPassword", settings))
        users = _users(call, programme, call.body["email"])
        accounts = [(user, call.tx.get(Nonce, user.id)) for user in users]
        user = lost_password.redeemed(accounts, call.body["nonce"], now=call.now)
        lost_password.not_deactivated(user)
        password = lost_password.lost(user)
        user = lost_password.opened(user, unlocks=settings.reset_unlocks)
        changed = self._changed(call, user, password, new, settings)
        call.tx.delete(Nonce, user.id)
        return Answer(200, {"token": _log_in(call, changed, settings)})

    def login_with_password(self, call: Call) -> Answer | Refusal:
        """Log in, or count the failure."""
        programme, settings = self._programme(call)
        candidate = call.hasher.candidate(_plain(call, "password", settings))
        attempt = login.log_in(_users(call, programme, call.body["email"]), candidate, settings=settings, now=call.now)
        call.tx.put(attempt.user)
        if isinstance(attempt, login.Failed):
            return Forbidden("The password is wrong.")
        token = _log_in(call, attempt.user, settings, scope=attempt.scope)
        if attempt.scope is Scope.UPDATE_ONLY:
            return Answer(409, {"token": token})
        identity = call.tx.get(Identity, attempt.user.identity_id)
        shown = self.logged_in(attempt.user, identity)
        return Answer(200, {"token": token, "tokenType": settings.token_type, **shown})

    def logout(self, call: Call) -> Answer:
        """End the caller's token."""
        caller, _, _ = self._caller(call)
        access.for_everything(caller)
        call.tx.delete(Session, caller.session.digest)
        return Answer(204)

    def _programme(self, call: Call, *, refusal: type[Refusal] = Forbidden) -> tuple[Programme, ProgrammeSettings]:
        programme: Programme = call.callers[self._key_scheme]
        product: WeavrSettings = call.settings
        settings = product.of(programme.name)
        access.admit(settings, refusal=refusal)
        return programme, settings

    def _caller(self, call: Call) -> tuple[Caller, Programme, ProgrammeSettings]:
        programme, settings = self._programme(call)
        shown: Caller = call.callers[self._token_scheme]
        # The verifier ran in a transaction of its own; what is changed has to be read in this one.
        session = call.tx.get(Session, shown.session.digest)
        caller = access.known_caller(_user(call, shown.user.id), session, now=call.now)
        access.of_programme(caller, programme)
        access.still_active(caller)
        return caller, programme, settings

    def _changed(self, call: Call, user: User, password: Password, new: Candidate, settings: ProgrammeSettings) -> User:
        changed = passwords.changed(
            user,
            password,
            new,
            requirements=self.requirements(call, settings, user),
            salt=call.chance.salt(),
            now=call.now,
        )
        call.tx.put(changed)
        mails.password_changed(call.outbox, to=user.email)
        return changed

    def _with_token(self, call: Call, user: User, identity: Identity | None, settings: ProgrammeSettings) -> Answer:
        assert user.password is not None  # noqa: S101  # it was just set
        expiry = passwords.expiry_date(user.password, settings.profile(user.credential).expires_after)
        token = _log_in(call, user, settings)
        return Answer(200, {"passwordInfo": self.password_info(user, identity, expiry), "token": token})


def _log_in(call: Call, user: User, settings: ProgrammeSettings, *, scope: Scope = Scope.EVERYTHING) -> str:
    token = call.chance.token()
    call.tx.put(Session(digest(token), user.id, scope, call.now + settings.session_lifetime))
    return token


def _plain(call: Call, field: str, settings: ProgrammeSettings) -> Secret:
    value = Secret(call.body[field]["value"])
    found = call.tx.get(PasswordToken, digest(value)) if tokeniser.like_a_token(value) else None
    return tokeniser.resolved(value, found, tokenised=settings.tokenised, field=(field, "value"), now=call.now)


def _user(call: Call, identifier: str) -> User | None:
    found = call.tx.get(User, identifier)
    return None if found is None else _as_set(call, found)


def _users(call: Call, programme: Programme, email: str) -> list[User]:
    found = call.tx.find(User, programme_id=programme.id, email=email.lower())
    return [_as_set(call, user) for user in found]


def _as_set(call: Call, user: User) -> User:
    """Deactivate *user* if the settings say so."""
    return replace(user, active=False) if user.id in call.settings.deactivated else user
