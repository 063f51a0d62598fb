"""The control API: what a test may do to the server besides calling the imitated systems, over HTTP."""

from collections.abc import Callable
from datetime import datetime

from watchword import __version__
from watchword.admin import errors
from watchword.admin.access import Access
from watchword.admin.complete_document import complete_document
from watchword.admin.handlers import handlers
from watchword.admin.unknown_parameters import find_unknown_parameters
from watchword.control.replay import Replayer
from watchword.control.situations import tell_situations_of_request
from watchword.domain.chance import Chance
from watchword.edge.served_api import ServedApi
from watchword.journal.coverage import Coverage
from watchword.system import System
from watchword.system.settings import SystemSettings

__all__ = ["Access", "admin_system", "complete_document"]


def admin_system(
    imitated: ServedApi,
    *,
    replayer: Replayer,
    coverage: Coverage | None,
    access: Access,
    names: Chance,
    wall_clock: Callable[[], datetime],
    started_at: datetime,
    version: str = __version__,
) -> System:
    """
    Make the system that answers for the control API.

    Args:
        imitated: What it controls.
        replayer: Reads the journal, if there is one, and replays its requests.
        coverage: None if there is no journal.
        access: Who may use it.
        names: For sandboxes that are made without a name.
        wall_clock: For the uptime.
        started_at: When the server started, by *wall_clock*.
    """
    bound = handlers(
        imitated,
        replayer=replayer,
        coverage=coverage,
        names=names,
        version=version,
        wall_clock=wall_clock,
        started_at=started_at,
    )
    return System(
        name="admin",
        title="Control API",
        settings_model=SystemSettings,
        handlers=bound,
        render=errors.render,
        code_of=errors.code_of,
        admit=access,
        judge_query=find_unknown_parameters,
        tell_violations=lambda read: tell_situations_of_request(read, imitated.sandboxes.systems),
    )
