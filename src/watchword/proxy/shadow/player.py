"""Plays in the stand-in what was forwarded, and compares the answers: one request after the other, in one thread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from watchword.contract.comparison import Comparison
from watchword.contract.driver import Driver, Reply
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.steps import Call
from watchword.control.agenda import PlannedEvent, read_agenda
from watchword.document import Operation
from watchword.document.security import credential_headers
from watchword.edge.exchange import Exchange
from watchword.proxy.shadow.counterparts import Counterparts
from watchword.proxy.shadow.mailed import MailedCodes
from watchword.proxy.shadow.telling import Answers, Departure, Teller
from watchword.proxy.shadow.translation import Translated, Translator, Untranslatable

_BUSY = frozenset(
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    )
)
"""What a server answers that has no time, which says nothing about its rules."""


_NEAR = timedelta(seconds=2)
"""How far two clocks may be apart, and how long a request may take."""
_CALLER = frozenset(("auth", "authentication", "authorization"))
"""Words in the ids of rules that say who may call at all, whatever is asked."""
Places = Sequence[tuple[str, ...]]
"""In an answer, as `Departure` names them."""


@dataclass
class Compared:
    """
    What became of the requests.

    Attributes:
        number: How many were compared.
        not_compared: How many were not, by reason.
    """

    number: int = 0
    not_compared: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class Flight:
    """
    A request on its way to the server.

    Args:
        beside: Requests that were on their way at the same time: which came first, nobody knows.
    """

    exchange: Exchange
    beside: list[Exchange] = field(default_factory=list)


class Player:
    """
    Two servers that are asked the same.

    Args:
        oracle: The stand-in.
        server: Knows who is bound on the server, and reads its mails; nothing is sent there.
        compared: Counts what becomes of the requests.
    """

    def __init__(self, oracle: Oracle, server: Driver, teller: Teller, compared: Compared) -> None:
        subject = oracle.subject
        self._oracle, self._teller, self._subject, self._compared = oracle, teller, subject, compared
        mine, self._theirs = Lane(oracle.driver, oracle.operations), Lane(server, oracle.operations)
        self._counterparts = Counterparts(oracle.driver.personas, server.personas)
        credentials = credential_headers(oracle.document.content)
        self._translator = Translator(subject, self._counterparts, MailedCodes(mine, self._theirs), credentials)
        self._comparison = Comparison(
            mine,
            self._theirs,
            subject.likenesses,
            teller.system,
            oracle.codes,
            named_in_texts=subject.named_in_texts,
        )
        steps = (step for steps in subject.log_ins.values() for step in steps)
        self._log_ins = frozenset(step.operation for step in steps if isinstance(step, Call))
        self._due: PlannedEvent | None = None
        """What happens by itself so near to now that the clocks of both decide what is answered."""
        self._parted: dict[str, str] = {}
        """By role, with the operation since which the two servers know different things of somebody."""
        self._met: set[str] = set()
        """Those of whom both servers know the same, because both have done something for them."""
        self._changed: set[str] = set()
        """Those of whom both have changed something, so that both know when that was."""

    def play(self, flight: Flight, reply: Reply, passed: timedelta, told: Places) -> Sequence[Departure]:
        """
        Play a request that was answered; gives in what the server behaves otherwise.

        Args:
            passed: How much time since the one before it.
            told: Where the answer does not fit the document, so that its form need not be told again.
        """
        self._advance(passed)
        exchange = flight.exchange
        operation = None if exchange.operation is None else self._oracle.operations.get(exchange.operation.id)
        if operation is None or exchange.operation is None or exchange.method != operation.method:
            return self._skip("no operation of the document")
        if reply.status in _BUSY:
            return self.lose(flight, f"the server was busy ({reply.status})")
        try:
            translated = self._translator.translate(exchange, exchange.operation)
        except Untranslatable as error:
            return self.lose(flight, str(error))
        mine = self._oracle.driver.send(translated.request)
        if mine.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self.lose(flight, "the stand-in was asked too often (429)")
        self._theirs.sent.clear()
        for secret in translated.secrets:
            self._theirs.note_secret(secret)
        answers = Answers(operation, mine, reply, self._oracle.decided())
        return self._compare(flight, translated, answers, told)

    def _advance(self, passed: timedelta) -> None:
        """Let time pass, and find out whether something has just happened by itself, or is about to."""
        driver = self._oracle.driver
        ahead = read_agenda(driver.sandboxes, driver.sandbox, system=driver.system)
        if passed > timedelta():
            driver.advance(passed)
        now = driver.now()
        self._due = next((one for one in ahead if abs(one.at - now) <= _NEAR), None)

    def lose(self, flight: Flight, reason: str) -> Sequence[Departure]:
        """Give a request up, which the server may have done and the stand-in has not."""
        if not self._is_read(flight.exchange.operation):
            self._part(self._roles_of(flight.exchange), flight.exchange)
        return self._skip(reason)

    def _roles_of(self, exchange: Exchange) -> frozenset[str]:
        """Tell whom a request is about: one that cannot be read may be about anybody."""
        try:
            return self._translator.roles_of(exchange)
        except Exception:  # noqa: BLE001  # one request that cannot be read must not break another
            return frozenset(self._counterparts.theirs)

    def _compare(self, flight: Flight, translated: Translated, answers: Answers, told: Places) -> Sequence[Departure]:
        found = next(self._departures(translated, answers, told), None)
        if answers.mine.status == answers.theirs.status or (answers.mine_did and answers.theirs_did):
            likenesses = self._subject.likenesses
            self._counterparts.learn(answers.mine.body, answers.theirs.body, likenesses, translated.roles)
        reason = "" if found is None else self._reason(flight, translated, answers)
        if answers.mine_did and answers.theirs_did:
            self._agree(translated, answers.operation)
        elif answers.mine_did != answers.theirs_did:
            about_caller = translated.callers if _is_about_caller(answers) else frozenset()
            self._part(about_caller or translated.roles, flight.exchange)
        if reason:
            return self._skip(reason)
        self._compared.number += 1
        return () if found is None else (found,)

    def _departures(self, translated: Translated, answers: Answers, told: Places) -> Iterator[Departure]:
        # Nobody knows when it was done what the bindings say of a person, such as setting the password.
        is_undated = (
            self._is_read(answers.operation) and bool(translated.callers) and not translated.roles & self._changed
        )
        for difference in self._comparison.differences(answers.operation, answers.mine, answers.theirs):
            if difference.is_distance and is_undated:
                continue
            found = self._teller.departure(difference, answers)
            is_told = difference.is_form and found is not None and any(_begins(found.place, one) for one in told)
            if found is not None and not is_told:
                yield found

    def _reason(self, flight: Flight, translated: Translated, answers: Answers) -> str:
        """Say why a difference says nothing about the server's rules; empty if it does."""
        for role in sorted((translated.roles | translated.callers) & self._parted.keys()):
            return f"the two know different things of {role} since {self._parted[role]}"
        if self._due is not None:
            return f"a deadline was within {_NEAR.seconds} seconds ({self._due.kind})"
        doubts: list[str] = [*translated.caller_doubts, *(() if _is_about_caller(answers) else translated.doubts)]
        if doubts:
            return doubts[0]
        for other in flight.beside:
            roles = self._roles_of(other)
            if not roles or not translated.roles or roles & translated.roles:
                return "another request was on its way at the same time"
        strangers = translated.roles - self._met
        is_accepted = answers.operation.id in self._log_ins and answers.theirs_did and not answers.mine_did
        if is_accepted and translated.is_free and strangers:
            return f"{min(strangers)} may have another password than the bindings say"
        return ""

    def _agree(self, translated: Translated, operation: Operation) -> None:
        """Both did what was asked: whoever had to prove something is known to both alike."""
        self._met |= translated.roles
        if not self._is_read(operation):
            self._changed |= translated.roles - translated.callers
        if translated.proves and not self._is_read(operation):
            for role in translated.roles:
                self._parted.pop(role, None)

    def _part(self, roles: frozenset[str], exchange: Exchange) -> None:
        for role in roles:
            self._parted.setdefault(role, "" if exchange.operation is None else exchange.operation.id)

    def _is_read(self, operation: Operation | None) -> bool:
        return operation is None or operation.id.partition(".")[2] in self._subject.reads

    def _skip(self, reason: str) -> Sequence[Departure]:
        self._compared.not_compared[reason] += 1
        return ()


def _is_about_caller(answers: Answers) -> bool:
    """Whether a difference is about who calls, so that nothing else in the request matters."""
    rule = answers.decided.rule
    by_rule = rule is not None and not _CALLER.isdisjoint(rule.id.split("."))
    return by_rule or HTTPStatus.UNAUTHORIZED in (answers.mine.status, answers.theirs.status)


def _begins(place: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether *place* is *outer*, or in it; the places of a list are all alike."""
    return place[: len(outer)] == tuple("*" if one.isdecimal() else one for one in outer)
