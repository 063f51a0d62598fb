"""The control API: what a test does to the stand-in besides calling it."""

from collections.abc import Callable
from datetime import datetime

from watchword import __version__
from watchword.admin import errors
from watchword.admin.access import Access
from watchword.admin.described import described
from watchword.admin.handlers import handlers
from watchword.domain.clock import system_time
from watchword.edge.world import World
from watchword.settings import SystemSettings
from watchword.system import System

__all__ = ["admin_system", "described"]


def admin_system(
    imitated: World,
    *,
    token: str | None = None,
    source: Callable[[], datetime] = system_time,
    version: str = __version__,
) -> System:
    """
    Make the system that answers for the control API.

    Args:
        imitated: What it controls.
        token: Wanted from everybody; without one, clients on this machine need nothing and others are refused.
        source: The real time, for the uptime.
    """
    return System(
        name="admin",
        title="Control API",
        settings=SystemSettings,
        handlers=handlers(imitated, version=version, source=source),
        render=errors.render,
        code_of=errors.code_of,
        admit=Access(token),
    )
