"""The threads in which password hashes are computed: nothing else runs there."""

import os
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import get_native_id

_LOW_PRIORITY = 10
"""
As a niceness: 0 is the default, 19 the lowest priority.

While four clients have passwords hashed, the median latency of another client is six times as long without it.
"""


def hash_threads() -> Executor:
    """Make one thread per usable core; on Linux they have a lower priority than the event loop."""
    return ThreadPoolExecutor(_cores(), thread_name_prefix="hash", initializer=_lower_priority)


def _cores() -> int:
    # With one thread too many, a thread that holds Python's lock could wait for a core, and the server with it.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _lower_priority() -> None:
    # Only Linux has a priority per thread; elsewhere this would slow down the whole server.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LOW_PRIORITY)
