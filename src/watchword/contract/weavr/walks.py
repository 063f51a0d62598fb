"""The steps of random walks through both Weavr products: what people might do, sensible or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from watchword.contract.steps import Step, Wait
from watchword.contract.weavr.story import GOOD, NOBODY, SECOND, THIRD, WRONG, WRONG_CODE, Actor, Story

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NEW = (
    GOOD,
    SECOND,
    THIRD,
    "Ab1!xyzw",
    "Ab1!" + "x" * 26,
    "Ab1!xyz",
    "Ab1!" + "x" * 27,
    "Lantern042amber",
    "lantern-1",
)
_ROLES = (*("member",) * 6, *("newcomer",) * 3, "colleague", "expired", "inactive", "neighbour", "back-office")
"""Those who are likelier stand there more often: what happens to one person is what has consequences."""
_TIMES = tuple(timedelta(minutes=one) for one in (1, 4, 6, 29, 31, 59, 61, 1440))
Deed = Callable[[Story, Actor], object]


def walk_steps(system: str, roles: frozenset[str], *, clock: bool, codes: bool) -> "SearchStrategy[tuple[Step, ...]]":
    """
    Make what Hypothesis draws a walk from: one thing that somebody does, and what has to come before it.

    Args:
        roles: Who is there.
        clock: Whether time can pass.
        codes: Whether codes are known.
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # only walks need it

    people = st.sampled_from([role for role in _ROLES if role in roles])
    deeds = st.one_of([st.sampled_from(one) for one in _deeds(codes=codes)])

    def tell(role: str, deed: Deed) -> tuple[Step, ...]:
        story = Story(system)
        deed(story, story.person(role))
        return tuple(story.steps)

    done = st.builds(tell, people, deeds)
    if not clock:
        return done
    waits = st.sampled_from([(Wait(by),) for by in _TIMES])
    return st.one_of(done, done, done, done, waits)


def _deeds(*, codes: bool) -> list[list[Deed]]:
    """List what people do, by kind: each kind is as likely as any other."""
    found: list[list[Deed]] = [
        [lambda _story, who: who.logs_in()],
        [lambda _story, who: who.logs_in(WRONG), lambda _story, who: who.logs_in(who.first_password)],
        [lambda _story, who: who.logs_out(token=who.token(0)), lambda _story, who: who.logs_out(token=who.token(1))],
        [lambda _story, who: who.loses_password(), lambda _story, who: who.loses_password(NOBODY)],
        [_updates(new) for new in _NEW],
        [_logs_in_and_updates(GOOD), _logs_in_and_updates(SECOND), _logs_in_and_updates(THIRD)],
        [_updates(GOOD, back=1), lambda _story, who: who.updates(who.password, token=who.token(0)), _updates(SECOND)],
        [
            lambda _story, who: who.updates(old=WRONG, token=who.token(0)),
            lambda _story, who: who.updates("short", old=WRONG, token=who.token(0)),
        ],
        [_creates(GOOD), *(_creates(new) for new in _NEW), lambda _story, who: who.creates(user="42")],
        [_validates(new) for new in _NEW],
    ]
    if codes:
        found += [
            [_resumes(GOOD), _resumes(SECOND)],
            [*(_resumes(new) for new in _NEW), lambda _story, who: who.resumes(code=WRONG_CODE)],
        ]
    return found


def _updates(new: str, back: int = 0) -> Deed:
    return lambda _story, who: who.updates(new, token=who.token(back))


def _logs_in_and_updates(new: str) -> Deed:
    return lambda _story, who: who.updates(new)


def _creates(new: str) -> Deed:
    return lambda _story, who: who.creates(new)


def _validates(new: str) -> Deed:
    return lambda _story, who: who.validates(new)


def _resumes(new: str) -> Deed:
    return lambda _story, who: who.resumes(new)
