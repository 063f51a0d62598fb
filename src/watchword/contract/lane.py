"""One server on its way through a sequence of steps: what it answered, and what flows from there into later steps."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from watchword.contract.driver import Driver, Mail, Reply, Request
from watchword.contract.making import MAKERS
from watchword.contract.secrets import secrets_in
from watchword.contract.steps import Call, Step, Tune, Wait
from watchword.contract.values import (
    Ahead,
    ClientTime,
    Code,
    Kept,
    Made,
    Of,
    SameCode,
    Simple,
    Timestamp,
    Unknown,
    at,
    fill,
)
from watchword.document import Operation
from watchword.domain.timestamps import write_utc

SUCCESS = range(200, 300)
_SHORTEST_SECRET = 6
"""Anything shorter stands in an answer by chance, and so does a code of digits."""


class Lane:
    """
    One server and one sequence.

    Args:
        operations: Of the document, by id.
        encode: Makes the request that means the same over another protocol.
        read: Makes the answer that means the same over HTTP and JSON.

    Attributes:
        gained: The names under which the newest answer gave a value.
    """

    def __init__(
        self,
        driver: Driver,
        operations: Mapping[str, Operation],
        *,
        encode: Callable[[Request], Request] = lambda request: request,
        read: Callable[[Call, Reply], Reply] = lambda _call, reply: reply,
    ) -> None:
        self.driver, self._operations, self._encode, self._read = driver, operations, encode, read
        self._kept: dict[str, list[str]] = defaultdict(list)
        self.sent: set[str] = set()
        self.gained: frozenset[str] = frozenset()
        self.failed_log_ins: Counter[str] = Counter()
        for role, persona in driver.personas.items():
            if "password" in persona.known:
                self._kept[password_of(role)].append(persona.known["password"])

    def known(self, value: Simple) -> Any:
        """
        Find what this server has in the place of a value.

        Raises:
            Unknown: Nothing.
        """
        match value:
            case Of(person=person, what=what):
                persona = self.driver.personas.get(person)
                if persona is None or what not in persona.known:
                    raise Unknown(value)
                return persona.known[what]
            case Kept(name=name, back=back):
                found = self._kept[name]
                if len(found) <= back:
                    raise Unknown(value)
                return found[-1 - back]
            case Code(person=person, back=back):
                return self._code(value, person, back)
            case Ahead(by=by):
                return int((self.driver.now() + by).timestamp() * 1000)
            case Timestamp(by=by):
                return write_utc(self.driver.now() + by, precision="seconds")
            case ClientTime(by=by):
                return int((self.driver.client_time() + by).timestamp())
            case Made(how=how, of=of):
                return MAKERS[how](of)

    def _code(self, value: Code, person: str, back: int) -> str:
        if self.driver.code is not None:
            if back:
                raise SameCode(value)
            return self.driver.code
        codes = [code for mail in self.mails_to(person) for code in mail.codes[:1]]
        if len(codes) <= back:
            raise Unknown(value)
        if back and codes[-1 - back] == codes[-1]:
            raise SameCode(value)
        return codes[-1 - back]

    def mails_to(self, role: str) -> Sequence[Mail]:
        """
        List the messages to a person since the sequence began, oldest first.

        Raises:
            Unknown: The person has no address.
        """
        persona = self.driver.personas.get(role)
        addresses = frozenset() if persona is None else persona.addresses
        if not addresses:
            raise Unknown(Of(role, "email"))
        return [mail for mail in self.driver.mails() if mail.to.lower() in addresses]

    def repeats_secret(self, reply: Reply) -> bool:
        """Whether an answer repeats a password that was sent in this sequence."""
        told = reply.content.decode(errors="replace") + "\n".join(reply.headers.values())
        return any(secret in told for secret in self.sent)

    def prepare(self, call: Call) -> Request:
        """
        Make the request of a call, and remember the passwords in it: none may come back.

        Raises:
            Unknown: A value in it is not known here.
        """
        fill(call.needs, self.known)
        self._note_secrets(call)
        operation = self._operations[call.operation]
        path = operation.path
        for name, value in call.path.items():
            path = path.replace(f"{{{name}}}", quote(str(fill(value, self.known)), safe=""))
        query = call.query if isinstance(call.query, str) else urlencode(fill(dict(call.query), self.known))
        headers = {name: value for name, value in fill(dict(call.headers), self.known).items() if value is not None}
        body = b""
        if call.body is not None:
            filled = fill(call.body, self.known)
            if call.is_form:
                filled = urlencode(filled)
            body = filled.encode() if isinstance(filled, str) else orjson.dumps(filled)
            headers.setdefault("content-type", "application/json")
        target = f"{path}?{query}" if query else path
        return self._encode(Request(call.operation, operation.method, target, headers, body))

    def send(self, call: Call) -> Reply:
        """
        Send the request of a call, and keep what later steps need of the answer.

        Raises:
            Unknown: A value in it is not known here.
            TargetFailed: There is no answer.
        """
        reply = self._read(call, self.driver.send(self.prepare(call)))
        gained = {name: pointer for name, pointer in call.keeps.items() if _has(reply.body, pointer)}
        for name, pointer in gained.items():
            self._kept[name].append(str(at(reply.body, pointer)))
        if reply.status in SUCCESS:
            for name, template in call.sets.items():
                self._kept[name].append(fill(template, self.known))
            gained |= call.sets
        self.gained = frozenset(gained)
        return reply

    def pass_time(self, step: Wait, *, precision: timedelta) -> None:
        """Let time pass; *precision* is that of the coarsest clock."""
        self.driver.advance(step.by - precision if step.just_short else step.by)

    def tune(self, step: Tune) -> None:
        """Change settings; values in them are filled in."""
        self.driver.tune(fill(dict(step.settings), self.known))

    def _note_secrets(self, call: Call) -> None:
        """Remember the secrets that a body has: none may come back."""
        for template in secrets_in(call.body, self._operations[call.operation].body_schema):
            if template is not None:
                self.note_secret(str(fill(template, self.known)))

    def note_secret(self, text: str) -> None:
        """Remember a password that was sent, unless it stands in answers by chance."""
        if len(text) >= _SHORTEST_SECRET and not (text.isspace() or text.isdigit()):
            self.sent.add(text)


def _has(body: Any, pointer: str) -> bool:
    try:
        at(body, pointer)
    except LookupError:
        return False
    return True


def password_of(role: str) -> str:
    """Name what the password of a person is kept under."""
    return f"the password of {role}"


def token_of(role: str) -> str:
    """Name what the tokens of a person are kept under."""
    return f"the token of {role}"


def roles_in(step: Step) -> frozenset[str]:
    """List the people whom a step needs to be there."""
    found: set[str] = set()

    def note(value: Simple) -> str:
        if isinstance(value, Of | Code):
            found.add(value.person)
        return ""

    if isinstance(step, Call):
        query = {} if isinstance(step.query, str) else dict(step.query)
        for part in (dict(step.path), query, dict(step.headers), step.body, dict(step.sets)):
            fill(part, note)
    elif isinstance(step, Tune):
        fill(dict(step.settings), note)
    return frozenset(found)
