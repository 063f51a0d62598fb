"""Notice that the process that started the server is gone: the server then has another parent."""

import asyncio
import os
from collections.abc import Callable

_SECONDS = 0.25
"""How often that is checked; it takes a microsecond."""


def when_gone(parent: int, act: Callable[[], None]) -> None:
    """Call *act* on the running event loop, once *parent* is no longer the parent of this process."""
    if os.getppid() != parent:
        act()
    else:
        asyncio.get_running_loop().call_later(_SECONDS, when_gone, parent, act)
