"""The threads that password hashes are computed in: nothing else runs there."""

import os
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import get_native_id

_LOW_PRIORITY = 10
"""As a niceness: 0 is usual, 19 the lowest."""


def hash_threads() -> Executor:
    """Make as many threads as there are cores, which step back for everything else where the system lets them."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="hash", initializer=_step_back)


def _step_back() -> None:
    # Linux alone has a priority per thread; elsewhere this would slow down the whole server.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LOW_PRIORITY)
