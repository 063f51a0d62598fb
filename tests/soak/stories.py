"""
The clients of the soak test: each writes in a sandbox of its own, and records what the server acknowledged.

``step`` makes one write. ``check`` compares the data after a restart. A write without an answer may have happened or
not; ``check`` finds out which.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from random import Random

from tests.soak.client import Client, Reply
from watchword.system.seed_data import Person

Cast = Mapping[tuple[str, str], Person]


class Broken(AssertionError):
    """The server has lost or changed what it acknowledged."""


def require(reply: Reply | None, *statuses: int) -> Reply:
    """Require that there is an answer with one of *statuses*."""
    if reply is None:
        raise Broken("no answer, although nobody killed the server")
    if reply.status not in statuses:
        raise Broken(f"answered {reply.status} {reply.body} instead of {statuses}")
    return reply


class Story(ABC):
    """
    One client, with a sandbox and a source of random values of its own.
    """

    def __init__(self, sandbox: str, cast: Cast, chance: Random) -> None:
        self.sandbox, self.chance, self.acknowledged = sandbox, chance, 0
        self._numbers = count(1)
        self.begin(cast)

    @abstractmethod
    def begin(self, cast: Cast) -> None:
        """Choose people of the *cast*, and note what is true at the start."""

    @abstractmethod
    def step(self, client: Client) -> None:
        """Make one write; if there is no answer, note that it is in doubt."""

    @abstractmethod
    def check(self, client: Client) -> None:
        """
        Check everything that was acknowledged, and find out whether the write in doubt has happened.

        Raises:
            Broken: Something is not as it was acknowledged.
        """

    def fresh(self) -> str:
        """Make a new password."""
        return f"Lantern-{next(self._numbers)}-moss-{self.chance.randrange(10**9)}"

    def note_answer(self, reply: Reply | None, *statuses: int) -> bool:
        """Whether a write was acknowledged; a refusal is an error of the server."""
        if reply is None:
            return False
        require(reply, *statuses)
        self.acknowledged += 1
        return True


class WeavrPasswords(Story):
    """A password is changed again and again; each change sends one mail and issues one token, in the same commit."""

    system, name, prefix = "weavr_multi", "ada", ""

    def begin(self, cast: Cast) -> None:
        self.person = cast[self.system, self.name]
        self.password, self.doubt, self.mails = str(self.person.password), "", 0
        self.token = self.person.headers["Authorization"]

    def step(self, client: Client) -> None:
        new = self.fresh()
        body = {"oldPassword": {"value": self.password}, "newPassword": {"value": new}}
        reply = client("POST", f"{self.prefix}/passwords/update", body, self.person.headers)
        if self.note_answer(reply, 200):
            assert reply is not None
            self.password, self.mails, self.token = new, self.mails + 1, f"Bearer {reply.body['token']}"
        else:
            self.doubt = new

    def check(self, client: Client) -> None:
        if self.doubt and self._signs_in(client, self.doubt):
            self.password, self.mails, self.token = self.doubt, self.mails + 1, self.person.headers["Authorization"]
        elif not self._signs_in(client, self.password):
            raise Broken(f"{self.name}: an acknowledged password does not sign in")
        self.doubt = ""
        messages = require(client("GET", "/__admin/inbox"), 200).body["messages"]
        if [one["id"] for one in messages[:1]] != ([self.mails] if self.mails else []):
            raise Broken(f"{self.name}: {self.mails} mails were sent, the last one is {messages[:1]}")
        wrong = {"oldPassword": {"value": "not her password"}, "newPassword": {"value": self.fresh()}}
        headers = {**self.person.headers, "Authorization": self.token}
        # 409: the token is valid and the password is wrong. If the token were lost, the answer would be 401.
        require(client("POST", f"{self.prefix}/passwords/update", wrong, headers), 409)

    def _signs_in(self, client: Client, password: str) -> bool:
        body = {"email": self.person.login, "password": {"value": password}}
        reply = client("POST", f"{self.prefix}/login_with_password", body, self.person.headers)
        return require(reply, 200, 403).status == 200


class PaymentRunPasswords(WeavrPasswords):
    """The same, in the other product."""

    system, name, prefix = "weavr_payment_run", "bruno", "/v1"


class WeavrSessions(Story):
    """A person logs in and out: an issued token is valid until it is logged out."""

    def begin(self, cast: Cast) -> None:
        self.person = cast["weavr_multi", "ada"]
        self.token, self.ended, self.doubtful = "", "", False

    def step(self, client: Client) -> None:
        if self.token and self.chance.random() < 0.5:
            if self.note_answer(client("POST", "/logout", headers=self._with(self.token)), 204):
                self.token, self.ended = "", self.token
            else:
                self.doubtful = True
            return
        body = {"email": self.person.login, "password": {"value": self.person.password}}
        reply = client("POST", "/login_with_password", body, self.person.headers)
        if self.note_answer(reply, 200):
            assert reply is not None
            self.token = reply.body["token"]

    def check(self, client: Client) -> None:
        if self.ended and self._knows(client, self.ended):
            raise Broken("a token that was logged out is valid again")
        if self.token and not self._knows(client, self.token):
            if not self.doubtful:
                raise Broken("an issued token is unknown")
            self.token, self.ended = "", self.token
        self.doubtful = False

    def _knows(self, client: Client, token: str) -> bool:
        wrong = {"oldPassword": {"value": "not her password"}, "newPassword": {"value": self.fresh()}}
        return require(client("POST", "/passwords/update", wrong, self._with(token)), 409, 401).status == 409

    def _with(self, token: str) -> dict[str, str]:
        return {**self.person.headers, "Authorization": f"Bearer {token}"}


class Tokens(Story):
    """Passwords are tokenised; every issued token stands for its password."""

    def begin(self, cast: Cast) -> None:
        self.person = cast["weavr_multi", "ada"]
        self.tokens: list[str] = []

    def step(self, client: Client) -> None:
        body = {"values": {"password": {"value": self.fresh()}}}
        reply = client("POST", "/simulate/api/secure_session/anon_tokenize", body, self.person.headers)
        if self.note_answer(reply, 200):
            assert reply is not None
            self.tokens.append(reply.body["tokens"]["password"])

    def check(self, client: Client) -> None:
        # A token in the place of a password could also be compared as a password. So the programme is set to
        # accept tokens only; an unknown token is then answered 404.
        for token in self.tokens[-20:]:
            body = {"email": self.person.login, "password": {"value": token}}
            if require(client("POST", "/login_with_password", body, self._strict(client)), 403, 404).status == 404:
                raise Broken("an issued token is unknown")
            body["password"]["value"] = self.person.password  # type: ignore[index]  # a dictionary
            require(client("POST", "/login_with_password", body, self._lax(client)), 200)
        self.tokens = self.tokens[-20:]

    def _strict(self, client: Client) -> Mapping[str, str]:
        return self._accept_tokens(client, only=True)

    def _lax(self, client: Client) -> Mapping[str, str]:
        return self._accept_tokens(client, only=False)

    def _accept_tokens(self, client: Client, *, only: bool) -> Mapping[str, str]:
        change = {"weavr_multi": {"programme": {"tokenised": only}}}
        require(client("PATCH", "/__admin/settings", change), 200)
        return self.person.headers


class ZitadelPasswords(Story):
    """A password is changed with the current password, or with a code that was requested before."""

    def begin(self, cast: Cast) -> None:
        self.person = cast["zitadel", "mini"]
        self.password, self.doubt = str(self.person.password), ""
        self.code, self.code_doubtful = "", False

    def step(self, client: Client) -> None:
        if not self.code and self.chance.random() < 0.5:
            self.code_doubtful = False
            path = f"/v2/users/{self.person.id}/password_reset"
            reply = client("POST", path, {"returnCode": {}}, self.person.headers)
            if self.note_answer(reply, 200):
                assert reply is not None
                self.code = reply.body["verificationCode"]
            return
        new = self.fresh()
        proof = {"verificationCode": self.code} if self.code else {"currentPassword": self.password}
        body = {"newPassword": {"password": new}, **proof}
        reply = client("POST", f"/v2/users/{self.person.id}/password", body, self.person.headers)
        if self.note_answer(reply, 200):
            self.password, self.code = new, ""
        else:
            self.doubt, self.code_doubtful = new, bool(self.code)

    def check(self, client: Client) -> None:
        if self.doubt and self._signs_in(client, self.doubt):
            self.password, self.code = self.doubt, ""
        elif not self._signs_in(client, self.password):
            raise Broken("mini: an acknowledged password does not sign in")
        self.doubt = ""
        if self.code:
            new = self.fresh()
            body = {"newPassword": {"password": new}, "verificationCode": self.code}
            require(client("POST", f"/v2/users/{self.person.id}/password", body, self.person.headers), 200)
            self.password, self.code = new, ""

    def _signs_in(self, client: Client, password: str) -> bool:
        checks = {"user": {"loginName": self.person.login}, "password": {"password": password}}
        reply = client("POST", "/v2/sessions", {"checks": checks}, self.person.headers)
        return require(reply, 201, 400).status == 201


class EntrustPasswords(Story):
    """An application sets the password of a user."""

    def begin(self, cast: Cast) -> None:
        self.person = cast["entrust", "ada"]
        self.password, self.doubt = str(self.person.password), ""

    def step(self, client: Client) -> None:
        new = self.fresh()
        body = {"password": new, "emailPassword": False}
        path = f"/api/web/v1/users/{self.person.id}/passwords"
        if self.note_answer(client("PUT", path, body, self.person.headers), 200):
            self.password = new
        else:
            self.doubt = new

    def check(self, client: Client) -> None:
        if self.doubt and self._is_known(client, self.doubt):
            self.password = self.doubt
        elif not self._is_known(client, self.password):
            raise Broken("an acknowledged password is not in the history")
        self.doubt = ""

    def _is_known(self, client: Client, password: str) -> bool:
        path = f"/api/web/v1/users/{self.person.id}/password/validate"
        reply = require(client("POST", path, {"password": password}, self.person.headers), 200)
        return not reply.body["passwordHistory"]


@dataclass
class Doubtful:
    """A number, and another one that it may have been set to by a write in doubt."""

    known: float
    doubt: float | None = None

    def confirm(self, found: float, what: str) -> None:
        """Check that the number that was *found* is one of them."""
        if all(one is None or abs(one - found) > 0.5 for one in (self.known, self.doubt)):
            raise Broken(f"{what} is {found} instead of {self.known} or {self.doubt}")
        self.known, self.doubt = found, None


class Control(Story):
    """The clock is moved, settings are changed, and other sandboxes are created, deleted and reset."""

    def begin(self, cast: Cast) -> None:
        self.person = cast["weavr_multi", "ada"]
        self.clock, self.minutes = Doubtful(0), Doubtful(60)
        self.neighbour: bool | None = False
        self.letters = Doubtful(0)

    def step(self, client: Client) -> None:
        self.chance.choice((self._advance, self._set, self._make_or_drop, self._write))(client)

    def _advance(self, client: Client) -> None:
        reply = client("PUT", "/__admin/clock", {"action": "advance", "by": "PT1M"})
        self._note(self.clock, self.clock.known + 60, reply)

    def _set(self, client: Client) -> None:
        minutes = self.chance.randrange(1, 1000)
        reply = client("PATCH", "/__admin/settings", {"zitadel": {"code_minutes": minutes}})
        self._note(self.minutes, minutes, reply)

    def _note(self, one: Doubtful, value: float, reply: Reply | None) -> None:
        if self.note_answer(reply, 200):
            one.known = value
        else:
            one.doubt = value

    def _make_or_drop(self, client: Client) -> None:
        name = f"{self.sandbox}-neighbour"
        if self.neighbour:
            done = self.note_answer(client("DELETE", f"/__admin/sandboxes/{name}"), 204)
        else:
            done = self.note_answer(client("POST", "/__admin/sandboxes", {"name": name}), 201)
        self.neighbour = not self.neighbour if done else None

    def _write(self, client: Client) -> None:
        other = f"/~{self.sandbox}-letters"
        if self.letters.known > 5:
            self._note(self.letters, 0, client("POST", f"{other}/__admin/reset"))
            return
        body = {"email": self.person.login}
        reply = client("POST", f"{other}/passwords/lost_password/start", body, self.person.headers)
        if self.note_answer(reply, 204):
            self.letters.known += 1
        else:
            self.letters.doubt = self.letters.known + 1

    def check(self, client: Client) -> None:
        self.clock.confirm(require(client("GET", "/__admin/clock"), 200).body["offsetSeconds"], "the clock's offset")
        settings = require(client("GET", "/__admin/settings"), 200).body
        self.minutes.confirm(settings["zitadel"]["code_minutes"], "the setting")
        there = require(client("GET", f"/__admin/sandboxes/{self.sandbox}-neighbour"), 200, 404).status == 200
        if self.neighbour not in (None, there):
            raise Broken(f"the neighbour should {'exist' if self.neighbour else 'not exist'}")
        self.neighbour = there
        inbox = require(client("GET", f"/~{self.sandbox}-letters/__admin/inbox"), 200).body
        self.letters.confirm(len(inbox["messages"]), "the number of mails")


STORIES: tuple[type[Story], ...] = (
    WeavrPasswords,
    PaymentRunPasswords,
    WeavrSessions,
    Tokens,
    ZitadelPasswords,
    EntrustPasswords,
    Control,
)


def stories(cast: Cast, chance: Random) -> list[Story]:
    """Make one client of each kind."""
    return [kind(f"soak-{kind.__name__}", cast, Random(chance.random())) for kind in STORIES]  # noqa: S311
