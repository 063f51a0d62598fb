"""Which operation of the control API is answered by what."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from watchword.admin.clock import TimeControl
from watchword.admin.inbox import Inbox
from watchword.admin.sandboxes import SandboxControl
from watchword.admin.server_info import About
from watchword.admin.settings import Tuning
from watchword.domain.chance import Chance
from watchword.edge.served_api import ServedApi


def handlers(imitated: ServedApi, *, version: str, wall_clock: Callable[[], datetime]) -> SimpleNamespace:
    """
    Bind the handlers to what they need.

    Args:
        imitated: What they control.
        wall_clock: The uptime counts from now.
    """
    about = About(imitated, version, wall_clock, started_at=wall_clock())
    time = TimeControl(imitated.sandboxes)
    inbox = Inbox(imitated.sandboxes)
    tuning = Tuning(imitated.sandboxes)
    sandboxes = SandboxControl(imitated.sandboxes, Chance(imitated.sandboxes.random_seed))
    return SimpleNamespace(
        health=about.health,
        health_live=about.health,
        health_ready=about.health,
        version=about.tell_version,
        people=about.people,
        rules=about.rules,
        clock=time.tell,
        set_clock=time.change,
        inbox=inbox.find,
        empty_inbox=inbox.empty,
        message=inbox.read,
        settings=tuning.read,
        settings_schema=tuning.describe,
        replace_settings=tuning.replace,
        change_settings=tuning.change,
        reset=sandboxes.reset,
        sandboxes=sandboxes.all,
        make_sandbox=sandboxes.make,
        sandbox=sandboxes.look,
        drop_sandbox=sandboxes.drop,
    )
