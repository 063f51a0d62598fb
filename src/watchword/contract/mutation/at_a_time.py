"""Tasks that are done some at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def do_all(
    tasks: Iterable[Task],
    attempt: Callable[[Task], Result],
    note: Callable[[Result], None],
    *,
    jobs: int,
    stop: Callable[[], None],
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """
    Do tasks, some at a time.

    Args:
        attempt: Does one; in a thread.
        note: Is told what came of each.
        jobs: How many at a time.
        stop: Ends all attempts, when something goes wrong, here or in `note`.
        goes_on: Whether another one may begin.
    """
    waiting = iter(tasks)
    running: set[Future[Result]] = set()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while True:
                while len(running) < jobs and goes_on():
                    try:
                        running.add(pool.submit(attempt, next(waiting)))
                    except StopIteration:
                        break
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for ended in done:
                    note(ended.result())
        except BaseException:
            stop()
            raise
