"""How much testers work: on a machine with other things to do, a second of the clock says little."""

import resource
import time

_SPIN_SECONDS = 0.2


def processor_seconds() -> float:
    """Tell how long the processor has worked for this process and for those of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def stretched(seconds: float) -> float:
    """Tell in how many seconds of the clock a process gets done now what takes *seconds* if nothing else runs."""
    began, until = time.perf_counter(), time.thread_time() + _SPIN_SECONDS
    while time.thread_time() < until:
        pass
    return seconds * max(1.0, (time.perf_counter() - began) / _SPIN_SECONDS)
