"""Which operation of the control API is answered by what."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from watchword.admin.about import About
from watchword.admin.inbox import Inbox
from watchword.admin.sandboxes import SandboxControl
from watchword.admin.time import TimeControl
from watchword.admin.tuning import Tuning
from watchword.domain.chance import Chance
from watchword.edge.world import World


def handlers(imitated: World, *, version: str, source: Callable[[], datetime]) -> SimpleNamespace:
    """
    Bind the handlers to what they need.

    Args:
        imitated: What they control.
        source: The real time; the uptime counts from now.
    """
    about = About(imitated, version, source, started_at=source())
    time = TimeControl(imitated.sandboxes)
    inbox = Inbox(imitated.sandboxes)
    tuning = Tuning(imitated.sandboxes)
    sandboxes = SandboxControl(imitated.sandboxes, Chance(imitated.sandboxes.seed))
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
