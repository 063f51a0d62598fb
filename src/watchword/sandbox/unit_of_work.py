"""What one request does to its sandbox: steps in transactions, repeated if what they read has changed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from watchword.domain import digests
from watchword.domain.hashing import DigestNeeded, RequestHasher
from watchword.domain.mutation import break_effects
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import Refusal
from watchword.domain.rule import RuleRecord
from watchword.sandbox.history import Change
from watchword.sandbox.registry import Sandboxes
from watchword.sandbox.sandbox import Sandbox
from watchword.system import Call

T = TypeVar("T")
NewCall = Callable[[], Call]


class UnitOfWork:
    """
    The steps of one request: its verifiers, then its handler.

    A step that only reads hands its transaction on to the next one, so that the handler's commit also
    fails if what a verifier read has changed.

    Args:
        system: Whose settings a step sees, and who is the sender of its mails.
        sandboxes: Give the hasher, and the threads in which expensive digests are computed.
        record: Notes which rules are asked; an attempt that does not count is forgotten.

    Attributes:
        attempts: How often a step ran until nothing that it had read was changed by another request.
        called_at: What the sandbox's clock showed to the last step; None before the first.
        changes: The commits that this request has made, if its sandbox remembers them.
    """

    __slots__ = (
        "_record",
        "_sandbox",
        "_sandboxes",
        "_system",
        "_unfinished",
        "attempts",
        "called_at",
        "chance",
        "changes",
        "hasher",
    )

    def __init__(
        self,
        sandbox: Sandbox,
        system: str,
        *,
        sandboxes: Sandboxes,
        record: RuleRecord | None = None,
    ) -> None:
        self.hasher = RequestHasher(sandboxes.hasher)
        self.chance = sandbox.chances.of(system).replayable()
        self._sandbox, self._system = sandbox, system
        self._sandboxes, self._record = sandboxes, record
        self._unfinished: Call | None = None
        self.changes: list[Change] = []
        self.called_at: datetime | None = None
        self.attempts = 1

    def run_in_transaction(self, step: Callable[[Call], T | Refusal], new_call: NewCall, *, last: bool = True) -> T:
        """
        Run *step* and commit what it did.

        A returned refusal is committed and raised; a raised one leaves nothing behind. If what the step read
        has changed meanwhile, its result does not count, a refusal neither, and the step runs again.

        Args:
            new_call: Makes what the step is given, with a transaction of its own.
            last: Whether this is the last step; if not and it only reads, the next one continues in its transaction.

        Raises:
            Refusal: The step refused, or what it did could not be written.
            DigestNeeded: The step needs expensive digests. Nothing was committed; compute them and run it again.
        """
        asked = 0 if self._record is None else len(self._record)
        while True:
            call, self._unfinished = self._unfinished or new_call(), None
            self.called_at = call.now
            try:
                result = step(call)
            except Refusal:
                call.tx.discard_writes()
                if call.tx.commit():
                    raise
                self._start_over(asked)
                continue
            except DigestNeeded:
                self._suspend(call)
                self._forget_attempt(asked)
                raise
            if self._record is not None and self._record.altered is not None:
                break_effects(self._record.altered, call, refused=isinstance(result, Refusal), last=last)
            if not last and not call.tx.writes and not call.outbox.drafts:
                self._unfinished = call
                break
            if self._commit(call):
                break
            self._start_over(asked)
        if not last:
            self.chance.confirm()
        if isinstance(result, Refusal):
            raise result
        return result

    async def run_with_hashing(self, step: Callable[[Call], T | Refusal], new_call: NewCall) -> T:
        """
        Run *step* as `run_in_transaction` does, and compute the digests that it needs in threads, in parallel.

        Raises:
            Refusal: The step refused, or what it did could not be written.
        """
        while True:
            try:
                return self.run_in_transaction(step, new_call)
            except DigestNeeded as error:
                pending = error.pending
            loop, threads = asyncio.get_running_loop(), self._sandboxes.hash_threads()
            computing = [
                loop.run_in_executor(threads, digests.compute_digest, one.candidate.plain.revealed, one.parameters)
                for one in pending
            ]
            for one, digest in zip(pending, await asyncio.gather(*computing), strict=True):
                one.candidate.learn(one.parameters, digest)
            self._resume()

    async def run_awaiting(self, step: Callable[[Call], Awaitable[T | Refusal]], new_call: NewCall) -> T:
        """
        Run an asynchronous *step*, which may wait for something, and commit what it did.

        Raises:
            Refusal: The step refused, or what it did could not be written.
        """
        asked = 0 if self._record is None else len(self._record)
        while True:
            call, self._unfinished = self._unfinished or new_call(), None
            self.called_at = call.now
            try:
                result = await step(call)
            except Refusal:
                call.tx.discard_writes()
                if call.tx.commit():
                    raise
                self._start_over(asked)
                continue
            if self._commit(call):
                break
            self._start_over(asked)
        if isinstance(result, Refusal):
            raise result
        return result

    def _commit(self, call: Call) -> bool:
        """Commit what a step did; False if it has to run again."""
        if not call.tx.writes and not call.outbox.drafts:
            return call.tx.commit()  # without a change the sandbox has nothing to persist
        if not self._sandbox.kept:
            self._sandboxes.keep(self._sandbox)
        committed = self._sandbox.commit(
            call.tx,
            call.outbox.drafts,
            system=self._system,
            now=call.now,
            drew_from=self.chance.source.began_at,
            changes=self.changes,
        )
        if committed:
            self.chance.source.began_at = None  # the next commit's draws begin anew
        return committed

    def _suspend(self, call: Call) -> None:
        """Keep the transaction for the next attempt, so that its commit also checks what was read so far."""
        call.tx.discard_writes()
        call.outbox = Outbox()
        self._unfinished = call

    def _resume(self) -> None:
        """Let the next attempt, in the same transaction, see the present time and settings."""
        call = self._unfinished
        assert call is not None  # noqa: S101  # a step was suspended
        self.chance.replay()
        self.called_at = call.now = self._sandbox.clock.now()
        call.settings = self._sandbox.settings.get(self._system)

    def _start_over(self, asked: int) -> None:
        """Prepare another attempt in a new transaction: it draws the same chance, and asks the rules anew."""
        self.attempts += 1
        self.chance.replay()
        self._forget_attempt(asked)

    def _forget_attempt(self, asked: int) -> None:
        if self._record is not None:
            self._record.forget_after(asked)
