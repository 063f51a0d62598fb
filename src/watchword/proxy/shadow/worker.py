"""One thread that does one thing after the other, and that the end of the process does not wait for."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class Worker:
    """
    The thread, in which everything is done in the order in which it was asked for.

    A `ThreadPoolExecutor` is joined when the process ends, also if a server has not answered it yet.
    """

    def __init__(self, name: str) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, do: Callable[[], Result]) -> "Future[Result]":
        """Do something after everything else; what was cancelled before its turn is not done."""
        future: Future[Result] = Future()
        self._waiting.put((future, do))
        return future

    def stop(self) -> None:
        """End the thread after that."""
        self._waiting.put(None)

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            future, do = asked
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(do())
            except BaseException as error:  # noqa: BLE001  # whoever has asked is told
                future.set_exception(error)
            del asked, future, do  # nothing is held while there is nothing to do
