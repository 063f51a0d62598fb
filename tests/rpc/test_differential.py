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
from tests.systems.zitadel.users import FORTRESS, on_user, read_settings, search
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
STATES = ("lock_user", "unlock_user", "deactivate_user", "reactivate_user")
SETTINGS = ("general", "login", "password_complexity", "password_expiry", "domain", "lockout")
CODES = ("K4RL0Z", "ABCDEF", "", "A" * 21)
LENGTH = 250
LOCKOUT = {"lockout": {"max_password_attempts": 3}}
NEWER = ("v4.2", "v4.6")
"""Releases that do not read gRPC-Web in its text form."""


class Sequence:
    """A random sequence of operations, for any protocol."""

    def __init__(self, random_seed: int) -> None:
        self._chance = random.Random(random_seed)  # noqa: S311  # repeatable, not secret
        self._code = CODES[0]
        self._session, self._token = UNKNOWN_ID, ""

    def step(self, zitadel: Zitadel) -> Response:
        """Run the next operation."""
        pick = self._chance.choice
        kind = pick((self._password, self._password, self._sign_in, self._on_session, self._read, self._change_state))
        return kind(zitadel, pick(PEOPLE), pick(CALLERS))

    def _password(self, zitadel: Zitadel, of: str, by: str) -> Response:
        pick = self._chance.choice
        match self._chance.randrange(8):
            case 0 | 1 | 2 | 3:
                return zitadel.set_password(of, {**self._new(), "currentPassword": self._known(zitadel, of)}, by=by)
            case 4 | 5:
                code = pick((*CODES, self._code))
                return zitadel.set_password(of, {**self._new(), "verificationCode": code}, by=by)
            case 6:
                return zitadel.set_password(of, self._new(), by=by)
        answer = zitadel.reset(of, pick(({}, {"returnCode": {}}, {"sendLink": {"urlTemplate": "{{"}})), by=by)
        self._code = (answer.body or {}).get("verificationCode", self._code)
        return answer

    def _sign_in(self, zitadel: Zitadel, of: str, by: str) -> Response:
        """Start a session, often as those who may in every release."""
        login = "nobody@mouse.example" if of == UNKNOWN_ID else zitadel.person(of).login
        checks = {"user": {"loginName": login}, "password": {"password": self._known(zitadel, of)}}
        return self._remember(zitadel.session({"checks": checks}, by=self._chance.choice((by, "login"))))

    def _on_session(self, zitadel: Zitadel, of: str, by: str) -> Response:
        """Do something with the newest session."""
        pick = self._chance.choice
        token = pick((None, self._token, self._token, "garbage"))
        match self._chance.randrange(8):
            case 0 | 1 | 2:
                return zitadel.on_session("get", self._session, by=by, token=token)
            case 3:
                return zitadel.on_session("delete", self._session, {"sessionToken": token} if token else {}, by=by)
            case 4:
                query: dict[str, Any] = pick(({}, {"query": {"limit": 2, "asc": True}}, {"queries": [{}]}))
                return zitadel.api.call("zitadel.list_sessions", body=query, headers=zitadel.person(by).headers)
        more: dict[str, Any] = pick(({}, {"lifetime": "60s"}, {"lifetime": "-1s"}, {"metadata": {"a": "YQ=="}}))
        checks: dict[str, Any] = pick(({}, {"checks": {"password": {"password": self._known(zitadel, of)}}}))
        body = {**more, **checks, **({"sessionToken": token} if token else {})}
        return self._remember(zitadel.on_session("set", self._session, body, by=pick((by, "login"))))

    def _remember(self, answer: Response) -> Response:
        self._session = (answer.body or {}).get("sessionId", self._session)
        self._token = (answer.body or {}).get("sessionToken", self._token)
        return answer

    def _read(self, zitadel: Zitadel, of: str, by: str) -> Response:
        """Read a user, a list of users, or settings."""
        pick = self._chance.choice
        match self._chance.randrange(3):
            case 0:
                return on_user(zitadel, "get_user", of, by=by)
            case 1:
                name = pick(SETTINGS)
                query = None if name == "general" else pick((None, {"ctx.orgId": FORTRESS}, {"ctx.instance": "true"}))
                return read_settings(zitadel, name, by=by, query=query)
        queries: tuple[Any, ...] = (
            {"loginNameQuery": {"loginName": "O", "method": "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE"}},
            {"stateQuery": {"state": pick(("USER_STATE_ACTIVE", "USER_STATE_LOCKED", "USER_STATE_INACTIVE"))}},
            {"typeQuery": {"type": "TYPE_MACHINE"}},
            {"inUserIdsQuery": {}},
            {},
        )
        paging = pick(({}, {"limit": 3, "asc": True}, {"offset": "2"}))
        return search(zitadel, pick(queries), by=by, query=paging)

    def _change_state(self, zitadel: Zitadel, of: str, by: str) -> Response:
        """Lock, deactivate or seldom delete a user; mostly undo it."""
        return on_user(
            zitadel, self._chance.choice((*STATES, "unlock_user", "reactivate_user", "delete_user")), of, by=by
        )

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
    protocols = [one for one in PROTOCOLS if profile not in NEWER or one != "grpc-web-text"]
    for protocol in ("rest", *protocols):
        name = f"{profile}-{protocol}"
        sandbox = sandboxes.enter(name)
        sandbox.change_settings({"zitadel": {"zitadel_profile": profile, "connect": "always", **LOCKOUT}})
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
    for protocol in protocols:
        assert answers[protocol] == answers["rest"], protocol
        assert states[protocol] == states["rest"], protocol
