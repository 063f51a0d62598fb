"""One side in this process, where recorded requests are sent again."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from watchword.admin import journal_shapes
from watchword.build import Built, Options, build
from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.control.replay import Replayer
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.domain.refusal import Malformed, Violation
from watchword.edge.replaying import Finished, SentRequest, send_again
from watchword.edge.served_api import ServedApi
from watchword.journal.captured import Captured, note_exchange
from watchword.journal.entry import Decider
from watchword.journal.explanation import Explanation, explain
from watchword.journal.reading import asked_of
from watchword.review.sides import Side
from watchword.review.use_diff.recorded import Asked, Recorded, read_entry
from watchword.review.use_diff.state import State, Unserved
from watchword.sandbox import Sandbox
from watchword.sandbox.fork import Moment, fork_at
from watchword.system.seed_data import Person
from watchword.system.settings import IN_SANDBOX, apply_merge_patch

_NAME = "recorded"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_RANDOM_SEED = 1
"""Both sides draw the same, so that their answers to the same request are the same."""


class Acted:
    """
    A request that was sent again.

    Args:
        finished: Its exchange.
        sandbox: What became of the sandbox.
        replayer: Reads what a journal would have of it.
    """

    def __init__(self, finished: Finished, sandbox: Sandbox, replayer: Replayer) -> None:
        self._finished, self.sandbox, self._replayer = finished, sandbox, replayer

    @property
    def answer(self) -> Any:
        """The whole body of the answer, with its secrets."""
        return self._finished.answer.body

    @property
    def told(self) -> str:
        """What the answer is, as `Recorded.told`."""
        answer, system = self._finished.answer, self._finished.exchange.system
        codes = () if system is None else sorted(system.code_of(answer.status, answer.body))
        return f"{answer.status} {','.join(codes)}".strip()

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The rules that it asked."""
        record = self._finished.exchange.record
        seen = [] if record is None else map(asked_of, record.asked)
        return tuple(Asked(one.rule.id, one.said.value, one.code, one.values) for one in seen)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """In what it does not fit the document."""
        refusal = self._finished.exchange.refusal
        return refusal.violations if isinstance(refusal, Malformed) else ()

    @cached_property
    def explained(self) -> Explanation:
        """Why it was answered so."""
        exchange = self._finished.exchange
        noted = Captured(
            *note_exchange(exchange, self._finished.answer, exchange.received_at, self._finished.violations), number=1
        )
        reader = self._replayer.reader
        return explain(reader.reader.read(noted), reader.imitated.systems)

    @property
    def fault(self) -> int | None:
        """The position, in the document's list, of the fault that answered; None if none of the document's did."""
        kind, decided = self.entry.decided_by
        brought = (one for one in self.sandbox.faults if kind == Decider.FAULT and one.id == decided and one.brought_by)
        return next((self.sandbox.fresh_faults.index(one.plan) for one in brought), None)

    @cached_property
    def entry(self) -> Recorded:
        """What a journal would have of it."""
        return read_entry(journal_shapes.entry(self.explained.entry))


@dataclass
class Stage:
    """
    One side.

    Args:
        runner: The event loop that requests are answered in.
        moment: What new sandboxes take for the real time.
    """

    built: Built
    runner: asyncio.Runner
    moment: list[datetime]

    @property
    def _replayer(self) -> Replayer:
        assert self.built.replayer is not None  # noqa: S101  # it is built with a journal
        return self.built.replayer

    def fresh(self, at: datetime) -> Sandbox:
        """Make a sandbox from the seed data, as if it were *at*."""
        self.moment[0] = at
        return self.built.imitated.sandboxes.reset(_NAME)

    def people(self, sandbox: Sandbox, system: str) -> Mapping[str, Person]:
        """List the people of a system, by name."""
        population = self.built.imitated.sandboxes.population
        return {one.name: one for one in population.read(sandbox, system=system)}

    def adopt(self, sandbox: Sandbox, mine: Sandbox) -> Sandbox:
        """Give another side's *sandbox* the settings, rules and faults of *mine*."""
        return replace(
            sandbox, settings=mine.settings, rules=mine.rules, faults=mine.faults, fault_count=mine.fault_count
        )

    def tune(self, sandbox: Sandbox, system: str, patch: Mapping[str, Any]) -> Sandbox:
        """
        Give a sandbox other settings; the one that is given stays as it is.

        Raises:
            InvalidSettings: They contradict others.
        """
        changed = apply_merge_patch(sandbox.settings[system], patch, context=IN_SANDBOX)
        return replace(sandbox, settings={**sandbox.settings, system: changed})

    def control(
        self,
        sandbox: Sandbox,
        made_at: tuple[datetime, datetime],
        change: Callable[[ServedApi, Sandbox], Coroutine[Any, Any, None]],
    ) -> Sandbox:
        """
        Change a copy of a sandbox, as a call of the control API does.

        Args:
            made_at: What its clock shows, and the real time.

        Raises:
            ControlError: It cannot be changed so.
        """
        place = fork_at(sandbox, Moment(None, *made_at))
        self.runner.run(change(self.built.imitated, place))
        return place

    def act(self, request: SentRequest, sandbox: Sandbox, request_at: tuple[datetime, datetime]) -> Acted | None:
        """
        Send a request in a copy of a sandbox.

        Args:
            request_at: What its clock shows, and the real time.

        Returns:
            None if nobody answers it here.
        """
        at, wall_time = request_at
        place = fork_at(sandbox, Moment(None, at, wall_time))
        finished = self.runner.run(
            send_again(self._replayer.new_app, request, place, wall_clock=place.clock.wall_clock)
        )
        if finished is None:
            return None
        return Acted(finished, place, self._replayer)


@contextmanager
def staged(side: Side, state: State, runner: asyncio.Runner) -> Iterator[Stage]:
    """
    Build a side.

    Raises:
        Unserved: It cannot be built.
    """
    moment = [_LONG_AGO]
    options = Options(
        hashing=Profile.FAST,
        document=side.root,
        overlays=side.overlays,
        settings=state.settings,
        mutants=state.mutants,
        random_seed=_RANDOM_SEED,
        wall_clock=lambda: moment[0],
        journal=1,
        history=0,
        admin=False,
        log=lambda _entry: None,
    )
    try:
        built = build(options)
    except (DocumentError, NoSuchMutant, MutantsClash) as error:
        raise Unserved(str(error)) from None
    yield Stage(built, runner, moment)
