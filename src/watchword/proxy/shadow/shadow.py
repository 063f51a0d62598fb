"""The stand-in beside the server: its thread, its clock, and the order in which it is asked."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import date, timedelta

from watchword.contract.bindings import Bindings
from watchword.contract.driver import Reply, TargetFailed
from watchword.contract.http_target import HttpTarget
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.subject import Subject
from watchword.control.errors import ContradictorySettings
from watchword.domain.clock import Elapsed
from watchword.edge.exchange import Exchange
from watchword.proxy.matching import tolerant
from watchword.proxy.shadow.player import Compared, Flight, Places, Player
from watchword.proxy.shadow.telling import DecidedBy, Departure, Teller
from watchword.proxy.shadow.worker import Worker

_errors = logging.getLogger("watchword.error")
_STOPPED = "the proxy was stopped at once"
_DEFECT = "a defect of Watchword, which its log names"


class CannotShadow(Exception):
    """The bindings cannot be used for this; the message says why."""


class Shadow:
    """
    Plays every request in a private stand-in too, in the order in which the server has answered them.

    Args:
        bindings: Who plays which role on the server.
        url: Of the server.
        decided_by: Which rules give an answer.
        today: For differences that somebody lives with until a day.
        elapsed: Tells how much time has passed; the stand-in's clock goes as fast.
    """

    def __init__(
        self, subject: Subject, bindings: Bindings, url: str, *, decided_by: DecidedBy, today: date, elapsed: Elapsed
    ) -> None:
        self.subject, self.bindings, self._server = subject, bindings, _reading(bindings, url)
        self._decided_by, self._today, self._elapsed = decided_by, today, elapsed
        self._thread = Worker("shadow")
        self._stack = ExitStack()
        self._in_flight: set[Flight] = set()
        self._began = self._passed = timedelta()
        self._compared = Compared()
        self._is_given_up = False
        self._oracle: Oracle
        self._player: Player

    @property
    def bound(self) -> str:
        """Say how many people are bound."""
        number = len(self.bindings.personas)
        return "1 person is bound" if number == 1 else f"{number} people are bound"

    def open(self) -> Compared:
        """
        Build the stand-in, which takes about a second; gives what becomes of the requests.

        Raises:
            CannotShadow: Its settings contradict each other, or mails cannot be read.
        """
        try:
            self._thread.submit(self._open).result()
        except ContradictorySettings as error:
            raise CannotShadow(f"[settings] of the bindings: {error}") from error
        except TargetFailed as error:
            raise CannotShadow(str(error)) from error
        return self._compared

    def begin_again(self) -> "Future[None]":
        """
        Take both servers to be as they were at first, though real time has gone on; the result is there when it is so.

        Raises:
            TargetFailed: Of the result: mails cannot be read.
        """
        self._passed = self._began
        return self._thread.submit(self._begin)

    def _open(self) -> None:
        self._began = self._passed = self._elapsed()  # before the clock of the stand-in stands
        self._oracle = self._stack.enter_context(private_oracle(self.subject, tuned=self.bindings.settings))
        self._stack.callback(self._server.close)
        self._server.real_time = self._oracle.driver.now  # both are moved by the time that passes
        self._begin()

    def _begin(self) -> None:
        oracle = self._oracle
        oracle.begin()
        teller = Teller(oracle, tolerant(oracle.system), self._decided_by, self.bindings.accepted, self._today)
        self._player = Player(oracle, self._server, teller, self._compared)
        self._server.begin()

    def depart(self, exchange: Exchange) -> Flight:
        """Note that a request is sent on."""
        flight = Flight(exchange, [one.exchange for one in self._in_flight])
        for other in self._in_flight:
            other.beside.append(exchange)
        self._in_flight.add(flight)
        return flight

    def arrive(self, flight: Flight, reply: Reply, told: Places) -> "asyncio.Future[Sequence[Departure]]":
        """
        Play a request that was answered just now; gives in what the server behaves otherwise.

        Args:
            told: Where the answer does not fit the document.
        """
        self._in_flight.discard(flight)
        now = self._elapsed()
        passed, self._passed = now - self._passed, now
        return asyncio.wrap_future(self._thread.submit(lambda: self._play(flight, reply, passed, told)))

    def lose(self, flight: Flight) -> None:
        """Note that a request got no answer, so that nobody knows whether it was done."""
        self._in_flight.discard(flight)
        self._thread.submit(lambda: self._player.lose(flight, "there was no answer"))

    def give_up(self, number: int) -> None:
        """Wait for nothing any more: so many requests that were answered are not compared."""
        self._is_given_up = True
        self._compared.not_compared[_STOPPED] += number

    def close(self) -> None:
        """End the stand-in, once it has been asked everything, unless nobody waits for that any more."""
        closing = self._thread.submit(self._stack.close)
        self._thread.stop()
        if not self._is_given_up:
            closing.result()

    def _play(self, flight: Flight, reply: Reply, passed: timedelta, told: Places) -> Sequence[Departure]:
        try:
            return self._player.play(flight, reply, passed, told)
        except Exception as error:  # noqa: BLE001  # one request that cannot be compared must not break another
            frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
            _errors.error("a request cannot be compared: %s\n%s", type(error).__name__, frames)
            return self._player.lose(flight, _DEFECT)


def _reading(bindings: Bindings, url: str) -> HttpTarget:
    """Make the server, of which only mails are read: nothing is done to it."""
    server = bindings.target(url)
    server.reset_hook = server.clock_hook = None
    return server
