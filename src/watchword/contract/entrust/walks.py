"""The steps of random walks through Entrust: what applications might do, sensible or not."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from watchword.contract.entrust.story import (
    FOURTH,
    GOOD,
    LONGEST,
    NO_HASH,
    NOBODY,
    OF_A_USER,
    SECOND,
    SHORT,
    THIRD,
    WEAK,
    Application,
    Story,
    User,
    changed_of,
)
from watchword.contract.steps import Step, Wait
from watchword.contract.values import Code, Kept, Timestamp
from watchword.systems.entrust.seed_data import SYSTEM

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_APPLICATIONS = (*("administrator",) * 8, "viewer", "editor", "disabled")
_USERS = (*("newcomer",) * 6, *("member",) * 4, "directory", "directory", "locked", "inactive", "external")
"""Those who are likelier stand there more often: what happens to one user is what has consequences."""
_NEW = (GOOD, SECOND, THIRD, FOURTH, LONGEST, f"{LONGEST}x", SHORT, WEAK, "", "password1", GOOD.lower())
_TIMES = tuple(timedelta(minutes=one) for one in (1, 14, 16)) + tuple(timedelta(days=one) for one in (1, 6, 91))
_WITHOUT_PASSWORD = ("newcomer", "external")
Deed = Callable[[Application, User], object]


def walk_steps(roles: frozenset[str], *, clock: bool, codes: bool) -> "SearchStrategy[tuple[Step, ...]]":
    """
    Make what Hypothesis draws a walk from: one thing that an application does, and what has to come before it.

    Args:
        roles: Who is there.
        clock: Whether time can pass.
        codes: Whether the passwords in mails are known.
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # only walks need it

    applications = st.sampled_from([role for role in _APPLICATIONS if role in roles])
    users = st.sampled_from([role for role in _USERS if role in roles])
    deeds = st.one_of([st.sampled_from(one) for one in _deeds(codes=codes)])

    def tell(application: str, user: str, deed: Deed, *, anew: bool) -> tuple[Step, ...]:
        story = Story(SYSTEM, authenticated=frozenset() if anew else frozenset((application,)))
        deed(story.application(application), story.user(user))
        return tuple(story.steps)

    done = st.builds(tell, applications, users, deeds, anew=st.booleans())
    if not clock:
        return done
    waits = st.sampled_from([(Wait(by),) for by in _TIMES])
    return st.one_of(done, done, done, done, waits)


def _deeds(*, codes: bool) -> Sequence[Sequence[Deed]]:
    """List what applications do, by kind: each kind is as likely as any other."""
    found: list[list[Deed]] = [
        [_sets(GOOD), _sets(SECOND), _sets(THIRD)],
        [_sets(new) for new in _NEW],
        [_sets(GOOD, clearPasswordHistory=True), _sets(SECOND, forceUpdate=True), _sets(THIRD, emailPassword=True)],
        [_sets(GOOD, expiryTime=Timestamp(timedelta(days=by))) for by in (-1, 5, 30)],
        [_sets(SECOND, currentPassword=GOOD), lambda who, user: who.sets(user, GOOD, currentPassword=user.password)],
        [_sets(None, generatePassword=True, returnPassword=True), _sets(GOOD, generatePassword=True)],
        [_imports(GOOD), _imports(SECOND), _imports(THIRD, returnPassword=True), _imports(GOOD, password=NO_HASH)],
        [_reads, _reads, lambda who, user: who.reads_policy(user)],
        [_attributes(forceUpdate=True), _attributes(clearPasswordHistory=True), _attributes()],
        [_attributes(expiryTime=Timestamp(timedelta(days=by))) for by in (-1, 5, 120)],
        [lambda who, user: who.removes(user)],
        [_validates(new) for new in _NEW],
        [lambda who, user: who.validates(user, user.password), _validates(SECOND, ignorePasswordHistory=True)],
        [_to_nobody(operation) for operation in OF_A_USER],
        [lambda who, _user: who.authenticates(), lambda who, _user: who.authenticates(sharedSecret="wrong")],
    ]
    if codes:
        found.append([_sets(None, generatePassword=True, emailPassword=True), _validates_code])
    return found


def _sets(new: str | None, **fields: object) -> Deed:
    return lambda who, user: who.sets(user, new, **fields)


def _imports(plain: str, **fields: object) -> Deed:
    return lambda who, user: who.imports(user, plain, **fields)


def _validates(new: str, **fields: object) -> Deed:
    return lambda who, user: who.validates(user, new, **fields)


def _validates_code(who: Application, user: User) -> object:
    return who.validates(user, Code(user.role))


def _to_nobody(operation: str) -> Deed:
    return lambda who, user: who.calls(operation, user, id=NOBODY)


def _reads(who: Application, user: User) -> object:
    return who.reads(user, needs=_known(user))


def _attributes(**fields: object) -> Deed:
    return lambda who, user: who.sends(user, {"emailPassword": False, **fields}, needs=_known(user))


def _known(user: User) -> tuple[Kept, ...]:
    """When the password of the beginning was set, and until when it is good, is everybody's own."""
    return () if user.role in _WITHOUT_PASSWORD else (Kept(changed_of(user.role)),)
