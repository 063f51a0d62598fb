"""A sandbox for one case: the release's profile, callers who have signed in, and the values of placeholders."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.conftest import START, Api
from tests.parity.placeholders import Bindings, Unbound, basic
from tests.parity.recordings import Case
from watchword.build import Built
from watchword.control.clock import advance_clock, freeze_clock
from watchword.domain.tokens import digest
from watchword.sandbox import Sandbox
from watchword.store import Transaction
from watchword.systems.zitadel.records import AccessToken, User, UserState

FIXTURES = Path(__file__).parents[2] / "fixtures" / "zitadel"
HOST = "localhost:7070"
EXPIRED = "tina"
"""Whose token has expired."""
_HOUR = 3600
T = TypeVar("T")


def fixture(name: str) -> Any:
    """Read a file of the seed data."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


PEOPLE: Mapping[str, Mapping[str, Any]] = {one["name"]: one for one in fixture("people")}
ORGANISATIONS: Mapping[str, str] = {one["name"].lower(): one["id"] for one in fixture("organisations")}
MACHINE: Mapping[str, str] = next(one for one in fixture("machines") if one["person"] == "robot")
INSTANCE = "269629023906488000"


class Stage:
    """
    The sandbox of one case.

    Args:
        name: Of the sandbox.
    """

    def __init__(self, built: Built, runner: asyncio.Runner, name: str, case: Case) -> None:
        self.name = name
        self.api = Api(built, runner, name)
        self._built = built
        self.sandbox.change_settings({"zitadel": {"zitadel_profile": case.release}})
        freeze_clock(self.sandbox)
        self.tokens: dict[str, str] = {}
        for caller in sorted({step["send"].get("caller") for step in case.steps} - {None}):
            self.tokens[caller] = self._sign_in(caller)
        self.bindings = Bindings(self._fixed())

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox as it is now."""
        return self._built.imitated.sandboxes.enter(self.name)

    def end(self) -> None:
        """Let the sandbox go."""
        self._built.imitated.sandboxes.drop(self.name)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        if seconds:
            advance_clock(self.sandbox, timedelta(seconds=seconds))

    def sequence(self, user: str | None) -> int:
        """Read the number of a user's last event; 0 for nobody."""
        found = None if user is None else Transaction(self.sandbox.store).get(User, user)
        return found.sequence if found else 0

    @staticmethod
    def as_json(value: Any) -> bytes:
        """Write *value* as the recorder did."""
        return json.dumps(value).encode()

    def _write(self, act: Callable[[Transaction], T]) -> T:
        transaction = Transaction(self.sandbox.store)
        result = act(transaction)
        assert self.sandbox.commit(transaction, system="zitadel", now=self.sandbox.clock.now())
        return result

    def _sign_in(self, caller: str) -> str:
        """Give the token that a recorded caller had: of a session with a password check, or a machine's own."""
        person = PEOPLE[caller]
        if person["kind"] == "machine":
            return str(person["token"])
        state = UserState(person["state"])
        self._set_state(person["id"], UserState.ACTIVE)
        checks = {"user": {"userId": person["id"]}, "password": {"password": person["password"]}}
        body: dict[str, Any] = {"checks": checks}
        if caller == EXPIRED:
            body["lifetime"] = "1s"
        headers = {"authorization": f"Bearer {PEOPLE['iris']['token']}"}
        answer = self.api.request("POST", "/v2/sessions", json=body, headers=headers)
        assert answer.status == 201, (caller, answer.body)
        self._set_state(person["id"], state)
        if caller == EXPIRED:
            self.wait(2)
        return str(answer.body["sessionToken"])

    def _set_state(self, user_id: str, state: UserState) -> None:
        def change(tx: Transaction) -> None:
            user = tx.get(User, user_id)
            assert user is not None
            tx.put(replace(user, state=state))

        self._write(change)

    def _fixed(self) -> dict[str, str | Callable[[], str]]:
        fixed: dict[str, str | Callable[[], str]] = {"instance": INSTANCE, "host": HOST, **ORGANISATIONS}
        for name, person in PEOPLE.items():
            fixed |= {f"{name}.id": person["id"], f"{name}.login": person["login"]}
            fixed[f"{name}.LOGIN"] = person["login"].upper()
            fixed[f"{name}.token"] = self.tokens.get(name, person["token"])
            if person["password"]:
                fixed[f"{name}.password"] = person["password"]
                fixed[f"{name}.PASSWORDLOWER"] = person["password"].lower()
            if person["code"]:
                fixed[f"{name}.code"] = person["code"]["value"]
        identity, secret = MACHINE["clientId"], MACHINE["clientSecret"]
        fixed |= {"robot.clientId": identity, "robot.clientSecret": secret, "robot.basic": basic(identity, secret)}
        fixed["robot.basicWrong"] = basic(identity, "wrong")
        fixed["robot.expiredPat"] = self._expired_token
        fixed["mail.code"] = self._mailed_code
        for name in ASSERTIONS:
            fixed[f"robot.jwt{name}"] = partial(assertion, name, START)
        return fixed

    def _expired_token(self) -> str:
        token = "watchword-robot-expired-personal-access-token"
        expired = AccessToken(
            digest(token), PEOPLE["robot"]["id"], expires_at=self.sandbox.clock.now() - timedelta(days=1)
        )
        self._write(lambda tx: tx.put(expired))
        return token

    def _mailed_code(self) -> str:
        codes = [code for message in self.sandbox.mailbox for code in message.codes]
        if not codes:
            raise Unbound("mail.code")
        return codes[-1]


@cache
def _machine_key() -> RSAKey:
    return RSAKey.import_key(MACHINE["key"])


@cache
def _strange_key() -> RSAKey:
    return RSAKey.generate_key(2048, private=True)


_KEY_ID = {"kid": MACHINE["keyId"]}
ASSERTIONS: Mapping[str, Mapping[str, Any]] = {
    "Good": {},
    "GoodIssuerList": {"claims": {"aud": [f"http://{HOST}"]}},
    "WrongAudience": {"claims": {"aud": "https://elsewhere.example"}},
    "Expired": {"since": -2 * _HOUR, "until": -_HOUR},
    "Future": {"since": _HOUR, "until": 2 * _HOUR},
    "WrongKeyId": {"header": {"kid": "1"}},
    "WrongSignature": {"key": _strange_key},
    "NoExpiry": {"without": "exp"},
    "NoIssuedAt": {"without": "iat"},
    "Old": {"since": -2 * _HOUR},
    "Long": {"until": 30 * 24 * _HOUR},
    "WrongSubject": {"claims": {"sub": "1"}},
    "NoSubject": {"without": "sub"},
    "WrongIssuer": {"claims": {"iss": "1"}},
    "NoIssuer": {"without": "iss"},
    "NoKid": {"header": {}},
    "Hs256": {"key": lambda: OctKey.import_key("s" * 32), "algorithm": "HS256"},
    "None": {"algorithm": "none"},
}
"""How the assertions that a machine may send differ from a good one, by the names of the recordings."""


def assertion(name: str, now: datetime) -> str:
    """Make one of `ASSERTIONS`."""
    how, moment = ASSERTIONS[name], int(now.timestamp())
    robot = PEOPLE["robot"]["id"]
    claims: dict[str, Any] = {"iss": robot, "sub": robot, "aud": f"http://{HOST}"}
    claims |= {"iat": moment + how.get("since", 0), "exp": moment + how.get("until", _HOUR), **how.get("claims", {})}
    claims.pop(how.get("without", ""), None)
    algorithm = how.get("algorithm", "RS256")
    header = {"alg": algorithm, **how.get("header", _KEY_ID)}
    if algorithm == "none":
        parts = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
        return ".".join((*parts, ""))
    return jwt.encode(header, claims, how.get("key", _machine_key)(), algorithms=[algorithm])
