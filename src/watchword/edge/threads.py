"""The threads that password hashes are computed in: nothing else runs there."""

import os
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import get_native_id

_LOW_PRIORITY = 10
"""As a niceness: 0 is usual, 19 the lowest."""


def hash_threads() -> Executor:
    """Make as many threads as there are cores for us; where the system lets them, they step back for the rest."""
    return ThreadPoolExecutor(_cores(), thread_name_prefix="hash", initializer=_step_back)


def _cores() -> int:
    # A thread too many would keep one waiting that holds Python's lock, and with it the whole server.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _step_back() -> None:
    # Linux alone has a priority per thread; elsewhere this would slow down the whole server.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LOW_PRIORITY)
