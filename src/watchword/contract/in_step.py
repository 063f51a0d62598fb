"""A sequence of steps on two servers at once: the stand-in first, then the server that is tested."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any, Protocol

from watchword.contract.comparison import Comparison, Difference
from watchword.contract.driver import Ability, Driver, Mail, NoAnswer, Reply
from watchword.contract.lane import SUCCESS, Lane
from watchword.contract.mail_comparison import ShownMail, compare_mails, show_mails
from watchword.contract.mail_contents import find_lacks
from watchword.contract.obstacles import too_many_failed_log_ins
from watchword.contract.oracle import Decided
from watchword.contract.other_wire import OtherWire
from watchword.contract.steps import Call, LookAtMails, Step, Tune, Wait
from watchword.contract.subject import Subject
from watchword.contract.told_before import ToldBefore
from watchword.contract.values import SameCode, Unknown, fill
from watchword.document import Document, Operation
from watchword.domain.clock import start_timer
from watchword.system import System

_BETWEEN_LOOKS_SECONDS = 0.1
_NOTHING = Decided("", None, ())


class Leader(Protocol):
    """The server that answers first, and what is known of it: an `Oracle`, or another that knows as much."""

    @property
    def subject(self) -> Subject:
        """The system as the subject of a test."""

    @property
    def driver(self) -> Driver:
        """The server itself."""

    @property
    def system(self) -> System:
        """What imitates the system here."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations of its document, by id."""

    @property
    def document(self) -> Document:
        """Its document."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes that its document knows."""

    @property
    def tuned(self) -> Mapping[str, Any]:
        """The settings that it has besides those that it was started with, as a JSON merge patch."""

    def begin(self) -> None:
        """Put it back to how it was at first, without the faults of its document, which no client is to meet."""

    def decided(self) -> Decided:
        """Find what decided its newest answer."""


@dataclass(frozen=True)
class Deviation:
    """
    Where a server left the stand-in.

    Args:
        step: The number of the step, from 0.
        decided: What decided in the stand-in.
        gained: For each step up to that one, the names under which the server's answer gave a value; None for a call
            that was not sent.
        answers: Of the server and of the stand-in, if these differ.
        course: What each step was for the stand-in: a call with its answer; empty for one that does nothing.
    """

    step: int
    difference: Difference
    decided: Decided
    gained: tuple[frozenset[str] | None, ...] = ()
    answers: tuple[Reply, Reply] | None = None
    course: tuple[str, ...] = ()


class Unanswered(NoAnswer):
    """The server did not answer a step; *deviation* says which, and what should have come."""

    def __init__(self, error: NoAnswer, deviation: Deviation) -> None:
        super().__init__(str(error), hung=error.hung)
        self.deviation = deviation


class Unplayable(Exception):
    """The rest of a sequence cannot be played here; the message says why."""


class InStep:
    """
    One sequence on two servers, which are as after a reset.

    Args:
        patience: How long a mail may take.
        noted: Is told of every answer of the server, in the words of the stand-in where they are alike, and of the
            stand-in's.
        wire: The protocol that both are called over, if it is not the document's; then only statuses, codes and mails
            are compared.
        accepts: Says whether somebody lives with a deviation from the steps so far.
        mail_words: What else of a mail has to be the same, besides to whom it goes and whether it has a code.
        reads_headers: As of `Comparison`.

    Attributes:
        steps: Those that were taken.
    """

    def __init__(
        self,
        oracle: Leader,
        target: Driver,
        *,
        patience: timedelta = timedelta(),
        wire: OtherWire | None = None,
        noted: Callable[[Call, Reply, Reply], None] = lambda _call, _theirs, _mine: None,
        accepts: Callable[[Deviation, Sequence[Step]], bool] = lambda _deviation, _steps: False,
        mail_words: Callable[[Mail], str] = lambda _mail: "",
        reads_headers: bool = False,
    ) -> None:
        self._oracle, self._target, self._patience = oracle, target, patience
        self._noted, self._accepts, self._mail_words = noted, accepts, mail_words
        self.mine, self.theirs = (_lane(one, oracle, wire) for one in (oracle.driver, target))
        self._told = ToldBefore(oracle.subject.things, oracle.subject.reads, lambda: len(oracle.driver.mails()))
        self._comparison = Comparison(
            self.mine,
            self.theirs,
            oracle.subject.likenesses,
            oracle.system,
            oracle.codes,
            told=self._told,
            reads_headers=reads_headers,
            named_in_texts=oracle.subject.named_in_texts,
        )
        self._is_brief = wire is not None
        self._precision = max(oracle.driver.precision, target.precision)
        self.steps: list[Step] = []
        self._gained: list[frozenset[str] | None] = []
        self._course: list[str] = []
        self._seen_mails = (0, 0)
        """How many mails are settled, because somebody lives with how they differ."""

    def play(self, steps: Iterable[Step]) -> Deviation | None:
        """
        Play steps until the servers differ.

        Raises:
            Unplayable: The server must not get the next step.
            TargetFailed: The server cannot be reached, or a hook does not work.
        """
        return next((found for step in steps if (found := self.take(step)) is not None), None)

    def take(self, step: Step) -> Deviation | None:
        """Take one step, as `play` does."""
        number = len(self._gained)
        self.steps.append(step)
        self._gained.append(None if isinstance(step, Call) else frozenset())
        self._course.append(step.says if isinstance(step, Wait | Tune) else "")
        match step:
            case Wait():
                for lane in (self.mine, self.theirs):
                    lane.pass_time(step, precision=self._precision)
            case Tune():
                self.mine.tune(step)
                if Ability.SETTINGS in self._target.abilities:
                    self.theirs.tune(step)
            case LookAtMails():
                return self._look_at_mails(step)
            case Call():
                return self._call(number, step)
        return None

    def _call(self, number: int, step: Call) -> Deviation | None:
        try:
            mine = self.mine.send(step)
        except Unknown:
            return None  # a walk asks for what nobody has yet
        self._course[number] = f"{step.operation} {self.tell(mine)}"
        self._spend_failed_log_in(step, mine)
        decided = self._oracle.decided
        try:
            theirs = self.theirs.send(step)
        except SameCode:
            raise Unplayable("every mail has the same code") from None
        except Unknown as missing:
            self._gained[number] = frozenset()
            return self._deviation(Difference("value", f"{missing.value} is not known", "is known"), decided())
        except NoAnswer as error:
            self._gained[number] = frozenset()
            raise Unanswered(error, self._deviation(Difference("answer", "none", self.tell(mine)), decided())) from None
        self._gained[number] = self.theirs.gained
        operation = self._oracle.operations[step.operation]
        differences = self._comparison.differences(
            operation, mine, theirs, about=self._thing_of(step), is_brief=self._is_brief
        )
        have_parted = (mine.status in SUCCESS) != (theirs.status in SUCCESS)
        found = self._end(chain(differences, self._differing_mails()), decided, (theirs, mine), have_parted=have_parted)
        self._noted(step, mine if found is None else theirs, mine)
        return found

    def _thing_of(self, step: Call) -> str:
        """Tell the id of what the path of a request names, in the stand-in; empty for nothing."""
        named = self._told.thing_in(step.path)
        return "" if named is None else str(fill(named, self.mine.known))

    def _end(
        self,
        differences: Iterable[Difference],
        decided: Callable[[], Decided],
        answers: tuple[Reply, Reply] | None = None,
        *,
        have_parted: bool = False,
    ) -> Deviation | None:
        """
        Find the first difference that ends the sequence; None if somebody lives with all of them.

        Args:
            decided: Finds what decided in the stand-in.
            have_parted: Whether only one of the servers did what was asked: there is nothing to compare after that.
        """
        deviations = (self._deviation(one, decided(), answers) for one in differences)
        return next((one for one in deviations if have_parted or not self._accepts(one, self.steps)), None)

    def tell(self, reply: Reply) -> str:
        """Say what an answer is, in words that are the same on both servers."""
        return self._comparison.tell(reply)

    def deviation(self, difference: Difference, steps: int) -> Deviation:
        """Say that the last of so many *steps* differs; those behind the newest were taken elsewhere."""
        gained = (*self._gained, *[frozenset[str]()] * (steps - len(self._gained)))
        return Deviation(steps - 1, difference, self._oracle.decided(), gained, course=tuple(self._course))

    def _deviation(
        self, difference: Difference, decided: Decided, answers: tuple[Reply, Reply] | None = None
    ) -> Deviation:
        """Say that the newest step differs."""
        differ = None if difference.place == "mails" else answers
        steps = tuple(self._gained), differ, tuple(self._course)
        return Deviation(len(self._gained) - 1, difference, decided, *steps)

    def _spend_failed_log_in(self, step: Call, mine: Reply) -> None:
        """Never lock somebody out who may not be."""
        if not step.fails_log_in or mine.status < 300:
            return
        self.theirs.failed_log_ins[step.fails_log_in] += 1
        if self.theirs.failed_log_ins[step.fails_log_in] > self._target.failed_log_ins:
            raise Unplayable(too_many_failed_log_ins(self._target).reason)

    def compare_mails(self) -> Difference | None:
        """Find how the mails differ that were sent since the sequence began; None if they do not."""
        if Ability.MAILS not in self._target.abilities:
            return None
        mine = self._shown(self._oracle.driver.mails()[self._seen_mails[0] :], self.mine)
        theirs = self._wait_for(len(mine))
        return next(compare_mails(mine, theirs, reads_codes=self._target.code is None), None)

    def _differing_mails(self) -> Iterator[Difference]:
        """Compare the mails; those that differ are settled when somebody asks for the next difference."""
        found = self.compare_mails()
        if found is not None:
            yield found
            self._seen_mails = len(self._oracle.driver.mails()), len(self._target.mails())

    def _wait_for(self, number: int) -> Sequence[ShownMail]:
        elapsed = start_timer()
        while len(found := self._shown(self._target.mails()[self._seen_mails[1] :], self.theirs)) < number:
            if elapsed() >= self._patience:
                break
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        return found

    def _shown(self, mails: Sequence[Mail], lane: Lane) -> Sequence[ShownMail]:
        shared = sorted(self.mine.driver.personas.keys() & self.theirs.driver.personas.keys())
        personas = lane.driver.personas
        roles = {address: role for role in reversed(shared) for address in personas[role].addresses}
        return show_mails(mails, roles, self._mail_words)

    def _look_at_mails(self, step: LookAtMails) -> Deviation | None:
        return self._end(chain(self._differing_mails(), self._lacking_contents(step)), lambda: _NOTHING)

    def _lacking_contents(self, step: LookAtMails) -> Iterator[Difference]:
        for lack in sorted(find_lacks(self.theirs, step) - find_lacks(self.mine, step)):
            yield Difference("mails", *lack)


def _lane(driver: Driver, oracle: Leader, wire: OtherWire | None) -> Lane:
    if wire is None:
        return Lane(driver, oracle.operations)
    return Lane(driver, wire.operations(oracle.operations), encode=wire.encode, read=wire.read)


def advance(lane: Lane, step: Step) -> None:
    """
    Take a step on one server alone, and look at nothing.

    Raises:
        Unknown: A value in it is not known here.
    """
    match step:
        case Call():
            lane.send(step)
        case Wait():
            lane.pass_time(step, precision=lane.driver.precision)
        case Tune():
            lane.tune(step)
        case LookAtMails():
            pass
