"""The five operations on users and their invitations that both products have."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from watchword.domain.refusal import Refusal
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Answer, Call
from watchword.system.needs import needs
from watchword.systems.weavr import creation, invitations, mails, nonces, requirements, users
from watchword.systems.weavr.errors import InsufficientPermissions
from watchword.systems.weavr.handlers import Json, PasswordHandlers
from watchword.systems.weavr.loading import find_user, find_users, find_users_of_identity, read_password, start_session
from watchword.systems.weavr.records import Identity, Invitation, Mobile, Programme, User
from watchword.systems.weavr.sessions import Caller
from watchword.systems.weavr.settings import ProgrammeSettings


class UserHandlers(PasswordHandlers):
    """The operations of one product, those on users and invitations included."""

    @abstractmethod
    def user_info(self, user: User, identity: Identity | None, added_by: User | None) -> Json:
        """Make the description of *user* that the product shows."""

    @abstractmethod
    def check_manager(self, caller: Caller) -> None:
        """Refuse a caller who may not read or invite users, if the product does."""

    def stranger_refusal(self) -> type[Refusal]:
        """Choose the answer to a caller with the key of another programme."""
        return InsufficientPermissions

    def run_once(self, call: Call, act: Callable[[], Answer], *, password: Secret | None = None) -> Answer:  # noqa: ARG002
        """
        Do what a request asks for; a product can answer a repeated request as it answered the first.

        Args:
            password: That the request sets.
        """
        return act()

    @needs(parameters=("path.user_id",))
    def get_user(self, call: Call) -> Answer:
        """Show a user of the caller's identity."""
        caller, _ = self._manager(call)
        user = self._user_of(call, caller)
        return Answer(200, self._show(call, user))

    def list_users(self, call: Call) -> Answer:
        """Show a page of the users of the caller's identity."""
        caller, _ = self._manager(call)
        wanted = users.Wanted(
            offset=call.query.get("offset", 0),
            limit=call.query.get("limit", users.PAGE),
            email=call.query.get("email"),
            active=call.query.get("active"),
            tag=call.query.get("tag"),
        )
        page = users.find_page(find_users_of_identity(call, caller.user), wanted)
        shown = [self._show(call, user) for user in page.users]
        return Answer(200, {"users": shown, "count": page.total, "responseCount": len(shown)})

    @needs(parameters=("path.user_id",))
    def invite_user(self, call: Call) -> Answer:
        """Send the mail with the code."""
        caller, settings = self._manager(call)
        return self.run_once(call, lambda: self._invite(call, caller, settings))

    @needs("inviteCode", parameters=("path.user_id",))
    def validate_invite(self, call: Call) -> Answer:
        """Check a code, and change nothing."""
        programme, _ = self._programme(call, refusal=InsufficientPermissions)
        return self.run_once(call, lambda: self._validate(call, programme))

    @needs("inviteCode", "password.value", parameters=("path.user_id",))
    def consume_invite(self, call: Call) -> Answer:
        """Set the first password of an invited user, and log in."""
        programme, settings = self._programme(call, refusal=InsufficientPermissions)
        plain = read_password(call, "password", settings)
        return self.run_once(call, lambda: self._consume(call, programme, settings, plain), password=plain)

    def _manager(self, call: Call) -> tuple[Caller, ProgrammeSettings]:
        caller, settings = self._caller(
            call, updates_password=False, refusal=InsufficientPermissions, stranger=self.stranger_refusal()
        )
        self.check_manager(caller)
        return caller, settings

    def _user_of(self, call: Call, caller: Caller) -> User:
        """Find the user in the path, whom the caller may see and invite."""
        programme = call.callers[self._key_scheme]
        user = users.require_authorised_user(find_user(call, call.path["user_id"]), programme)
        own_id = caller.user.identity_id
        own, other = (call.tx.get(Identity, one) for one in (own_id, user.identity_id))
        users.require_own_identity(user, own_id, own=own, other=other)
        return user

    def _show(self, call: Call, user: User) -> Json:
        added_by = user.details.added_by
        adder = None if added_by is None else call.tx.get(User, added_by)
        return self.user_info(user, call.tx.get(Identity, user.identity_id), adder)

    def _invite(self, call: Call, caller: Caller, settings: ProgrammeSettings) -> Answer:
        user = self._user_of(call, caller)
        invitations.require_open_invitation(user)
        code = nonces.draw_code(call.chance.of(user.id), random=call.settings.random_codes)
        end = invitations.compute_invitation_end(now=call.now, lifetime=settings.invite_lifetime)
        former = call.tx.get(Invitation, user.id)
        call.tx.put(invitations.replace_invitation(former, Invitation(user.id, digest(code), end), now=call.now))
        link = invitations.build_link(call.settings.portal_url, code, user)
        mails.send_invitation(call.outbox, to=user.email, code=code, link=link)
        return Answer(204)

    def _validate(self, call: Call, programme: Programme) -> Answer:
        user = find_user(call, call.path["user_id"])
        invitations.require_own_programme(user, programme)
        invitations.require_active_user(user)
        invitation = call.tx.get(Invitation, call.path["user_id"])
        invitations.check_code(user, invitation, call.body["inviteCode"], now=call.now)
        return Answer(204)

    def _consume(self, call: Call, programme: Programme, settings: ProgrammeSettings, plain: Secret) -> Answer:
        user = invitations.require_invited_user(find_user(call, call.path["user_id"]))
        invitations.require_own_programme(user, programme)
        invitations.require_active_user(user)
        invitations.refuse_root_user(user)
        creation.require_identity(call.tx.get(Identity, user.identity_id))
        creation.require_no_password(user)
        invitations.check_code(user, call.tx.get(Invitation, user.id), call.body["inviteCode"], now=call.now)
        creation.require_free_login(user, find_users(call, programme, user.email), unique=settings.unique_login_key)
        requirements.require_any_profile(settings)
        requirements.require_profile(settings, user.credential)
        created = creation.create_password(
            _with_mobile(user, call.body.get("mobile")),
            call.hasher.candidate(plain),
            requirements=self.requirements_for(call, settings, user),
            salt=call.chance.salt(),
            now=call.now,
        )
        call.tx.put(created)
        call.tx.delete(Invitation, user.id)
        return Answer(200, {"token": start_session(call, created, settings)})


def _with_mobile(user: User, mobile: Json | None) -> User:
    if mobile is None:
        return user
    return replace(user, details=replace(user.details, mobile=Mobile(mobile["countryCode"], mobile["number"])))


def show_details(user: User) -> Json:
    """Make what both products show of *user*, in the order of the documents."""
    details = user.details
    shown: Json = {"name": details.name, "surname": details.surname, "email": user.email, "active": user.active}
    if details.mobile is not None:
        shown["mobile"] = {"countryCode": details.mobile.country_code, "number": details.mobile.number}
    if details.date_of_birth is not None:
        born = details.date_of_birth
        shown["dateOfBirth"] = {"year": born.year, "month": born.month, "day": born.day}
    return {**shown, "roles": list(details.roles)}
