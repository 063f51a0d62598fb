"""The steps of random walks through ZITADEL: what people and service users might do, sensible or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from watchword.contract.steps import Step, Wait
from watchword.contract.zitadel.password_owner import GOOD, SECOND, THIRD, UNKNOWN_ID, WRONG, WRONG_CODE
from watchword.contract.zitadel.story import ZITADEL, Actor, Story

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NEW = (
    GOOD,
    SECOND,
    THIRD,
    "aB1!5678",
    "aB1!567",
    "aB1ä567",
    "ABCDEFG1!",
    "abcdefg1!",
    "ABCDEFG!a",
    "ABCDEFGa1",
    "Twelve1Letters",
    "Aa1!" * 50,
    "Aa1!" * 50 + "x",
    "",
)
_ROLES = (
    *("member",) * 6,
    *("strict",) * 3,
    *("must-change", "passwordless", "newcomer", "locked", "deactivated", "org-owner", "viewer"),
)
"""Those who are likelier stand there more often: what happens to one person is what has consequences."""
_TIMES = tuple(timedelta(minutes=one) for one in (1, 20, 59, 61, 1440))
Deed = Callable[[Actor], object]


def walk_steps(roles: frozenset[str], *, clock: bool, codes: bool) -> "SearchStrategy[tuple[Step, ...]]":  # noqa: ARG001  # see *codes*
    """
    Make what Hypothesis draws a walk from: one thing that somebody does, and what has to come before it.

    Args:
        roles: Who is there.
        clock: Whether time can pass.
        codes: Not asked: codes come back in answers.
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # only walks need it

    people = st.sampled_from([role for role in _ROLES if role in roles])
    deeds = st.one_of([st.sampled_from(one) for one in _deeds()])

    def tell(role: str, deed: Deed) -> tuple[Step, ...]:
        story = Story(ZITADEL)
        deed(story.person(role))
        return tuple(story.steps)

    done = st.builds(tell, people, deeds)
    if not clock:
        return done
    waits = st.sampled_from([(Wait(by),) for by in _TIMES])
    return st.one_of(done, done, done, done, done, waits)


def _deeds() -> list[list[Deed]]:
    """List what people do, by kind: each kind is as likely as any other."""
    return [
        [lambda who: who.signs_in(), lambda who: who.signs_in(lifetime="3600s")],
        [lambda who: who.signs_in(WRONG), lambda who: who.signs_in(who.first_password)],
        [lambda who: who.starts_session(), lambda who: who.starts_session({})],
        [lambda who: who.checks_password(), lambda who: who.checks_password(WRONG)],
        [_with_token(0), _with_token(1), lambda who: who.reads_session(token=who.session_token(1))],
        [lambda who: who.reads_session(), lambda who: who.reads_session(session=who.session(1))],
        [
            lambda who: who.ends_session(),
            lambda who: who.ends_session(token=who.session_token(1)),
            lambda who: who.changes_session({"lifetime": "600s"}),
            lambda who: who.changes_session({"checks": who.named()}),
            lambda who: who.changes_session({}),
        ],
        [lambda who: who.gets_code(), lambda who: who.is_sent_code()],
        [_redeems(GOOD), _redeems(SECOND), _redeems(GOOD, back=1), lambda who: who.redeems_code(code=WRONG_CODE)],
        [_redeems(new) for new in _NEW],
        [_changes(new) for new in _NEW],
        [
            lambda who: who.changes_password(current=WRONG),
            lambda who: who.changes_password(current=who.first_password),
            lambda who: who.changes_password(who.password),
        ],
        [_is_given(new) for new in _NEW],
        [
            lambda who: who.calling_with(who.session_token()).sets_password_of(who, SECOND),
            lambda who: who.calling_with(who.session_token()).gets_code(by=who.calling_with(who.session_token())),
            lambda who: who.other("manager").sets_password_of(UNKNOWN_ID),
        ],
        [
            lambda who: who.other("manager").locks(who),
            lambda who: who.other("manager").unlocks(who),
            lambda who: who.other("manager").deactivates(who),
            lambda who: who.other("manager").reactivates(who),
        ],
        [lambda who: who.other("manager").reads(who), lambda who: who.calling_with(who.session_token()).reads(who)],
    ]


def _with_token(back: int) -> Deed:
    return lambda who: who.calling_with(who.session_token(back)).uses_token()


def _redeems(new: str, back: int = 0) -> Deed:
    return lambda who: who.redeems_code(new, code=who.code(back))


def _changes(new: str) -> Deed:
    return lambda who: who.changes_password(new)


def _is_given(new: str) -> Deed:
    return lambda who: who.other("manager").sets_password_of(who, new)
