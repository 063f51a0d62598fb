"""
The same random sequence of operations over every protocol, each in a sandbox with the same random seed.

All answers must mean the same, and in the end the stored users, sessions and mails must be equal.
"""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import START, Api, People, Response
from tests.rpc.wire import PROTOCOLS, RpcApi
from tests.systems.zitadel.conftest import NEW, UNKNOWN_ID, Zitadel
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.sandbox.chances import Chances
from watchword.systems.zitadel.records import Session, User

PEOPLE = ("mini", "otto", "vera", "robot", "ines", "nora", "lars", "cora", "eddie", "olga", UNKNOWN_ID)
CALLERS = ("mini", "otto", "vera", "iris", "petra", "tina", "login")
PASSWORDS = (
    "V3ryS3cure!",
    NEW,
    "short",
    "nothing-h1gh!",
    "",
    "9" * 201,
    "Aa1!" * 19,
    "0rg-0wner-Otto!",
    "Ünïcode-1-ß!",
)
CODES = ("K4RL0Z", "ABCDEF", "", "A" * 21)
LENGTH = 150


class Sequence:
    """A random sequence of operations, for any protocol."""

    def __init__(self, random_seed: int) -> None:
        self._chance = random.Random(random_seed)  # noqa: S311  # repeatable, not secret
        self._code = CODES[0]

    def step(self, zitadel: Zitadel) -> Response:
        """Run the next operation."""
        pick = self._chance.choice
        of, by = pick(PEOPLE), pick(CALLERS)
        match self._chance.randrange(10):
            case 0 | 1 | 2 | 3:
                return zitadel.set_password(of, {**self._new(), "currentPassword": self._known(zitadel, of)}, by=by)
            case 4 | 5:
                code = pick((*CODES, self._code))
                return zitadel.set_password(of, {**self._new(), "verificationCode": code}, by=by)
            case 6:
                return zitadel.set_password(of, self._new(), by=by)
            case 7:
                answer = zitadel.reset(of, pick(({}, {"returnCode": {}}, {"sendLink": {"urlTemplate": "{{"}})), by=by)
                self._code = (answer.body or {}).get("verificationCode", self._code)
                return answer
        login = "nobody@mouse.example" if of == UNKNOWN_ID else zitadel.person(of).login
        checks = {"user": {"loginName": login}, "password": {"password": self._known(zitadel, of)}}
        return zitadel.session({"checks": checks}, by=by)

    def _known(self, zitadel: Zitadel, of: str) -> str:
        """Pick a password that is often the user's."""
        first = None if of == UNKNOWN_ID else zitadel.person(of).password
        return self._chance.choice((first or NEW, NEW, self._chance.choice(PASSWORDS)))

    def _new(self) -> dict[str, Any]:
        pick = self._chance.choice
        whole = {"newPassword": {"password": pick(PASSWORDS), "changeRequired": pick((True, False))}}
        return pick((whole, whole, whole, {"newPassword": {}}, {}))


@pytest.fixture(scope="module")
def repeatable() -> Built:
    """A server whose random numbers are repeatable and whose clocks stand still."""

    # Sandboxes of different names would have different tokens.
    def same(seed: int | None, _sandbox: str) -> Chances:
        return Chances(seed, "same")

    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, random_seed=7, new_chances=same))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop."""
    with asyncio.Runner() as runner:
        yield runner


def meaning(answer: Response) -> tuple[int, Any]:
    """Read the part of an answer that every protocol has."""
    return answer.status, answer.body


@pytest.mark.parametrize("profile", ["documented", "v2.65", "v4.2", "v4.6"])
def test_every_protocol_has_the_same_answers_and_effects(
    repeatable: Built, runner: asyncio.Runner, people: People, profile: str
) -> None:
    sandboxes = repeatable.imitated.sandboxes
    answers: dict[str, list[tuple[int, Any]]] = {}
    states: dict[str, Any] = {}
    for protocol in ("rest", *PROTOCOLS):
        name = f"{profile}-{protocol}"
        sandbox = sandboxes.enter(name)
        sandbox.change_settings({"zitadel": {"zitadel_profile": profile, "lockout": {"max_password_attempts": 3}}})
        sandbox.clock.freeze()
        api = Api(repeatable, runner, name)
        zitadel = Zitadel(api if protocol == "rest" else RpcApi(api, protocol), people)
        sequence = Sequence(sum(profile.encode()))
        answers[protocol] = [meaning(sequence.step(zitadel)) for _ in range(LENGTH)]
        transaction = sandbox.store.transaction()
        states[protocol] = [
            [transaction.get(User, person.id) for person in people.values() if person.system == "zitadel"],
            [transaction.get(Session, answer["sessionId"]) for _, answer in answers[protocol] if "sessionId" in answer],
            [(one.to, one.subject, one.text) for one in sandbox.mailbox.find()],
        ]
        sandboxes.drop(name)
    assert {status for status, _ in answers["rest"]} >= {200, 201, 400, 401, 403, 404}
    for protocol in PROTOCOLS:
        assert answers[protocol] == answers["rest"], protocol
        assert states[protocol] == states["rest"], protocol
