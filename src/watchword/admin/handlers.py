"""Which handler answers which operation of the control API."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from watchword.admin.agenda import AgendaHandlers
from watchword.admin.client import read_client, read_types
from watchword.admin.clock import ClockHandlers
from watchword.admin.coverage import CoverageHandlers
from watchword.admin.errors import answer_control_errors
from watchword.admin.events import EventHandlers
from watchword.admin.faults import FaultHandlers
from watchword.admin.inbox import InboxHandlers
from watchword.admin.journal import JournalHandlers
from watchword.admin.mutants import MutantHandlers
from watchword.admin.people import PeopleHandlers
from watchword.admin.replays import ReplayHandlers
from watchword.admin.sandboxes import SandboxHandlers
from watchword.admin.server_info import ServerInfoHandlers
from watchword.admin.settings import SettingsHandlers
from watchword.admin.snapshots import SnapshotHandlers
from watchword.admin.state import StateHandlers
from watchword.admin.wiremock import WireMockHandlers
from watchword.control.coverage import CoverageReader
from watchword.control.mutants import MutantCatalogue
from watchword.control.replay import Replayer
from watchword.control.wiremock import WireMockJournal
from watchword.domain.chance import Chance
from watchword.edge.served_api import ServedApi
from watchword.journal.coverage import Coverage
from watchword.system import Handler


def handlers(
    imitated: ServedApi,
    *,
    replayer: Replayer,
    coverage: Coverage | None,
    names: Chance,
    version: str,
    wall_clock: Callable[[], datetime],
    started_at: datetime,
) -> SimpleNamespace:
    """
    Bind the handlers to what they need.

    Args:
        imitated: What they control.
        replayer: Reads the journal, if there is one, and replays its requests.
        coverage: None if there is no journal.
        names: For sandboxes that are made without a name.
        wall_clock: For the uptime.
        started_at: When the server started, by *wall_clock*.
    """
    server = ServerInfoHandlers(imitated, version, wall_clock, started_at)
    clock = ClockHandlers(imitated.sandboxes)
    people = PeopleHandlers(imitated.sandboxes)
    agenda = AgendaHandlers(imitated.sandboxes)
    inbox = InboxHandlers(imitated.sandboxes)
    faults = FaultHandlers(imitated)
    mutants = MutantHandlers(MutantCatalogue(imitated))
    reader = replayer.reader
    entries = JournalHandlers(reader)
    covered = CoverageHandlers(CoverageReader(coverage, imitated))
    replays = ReplayHandlers(replayer)
    wiremock = WireMockHandlers(WireMockJournal(reader))
    settings = SettingsHandlers(imitated.sandboxes)
    state = StateHandlers(imitated, reader)
    snapshots = SnapshotHandlers(imitated.sandboxes)
    sandboxes = SandboxHandlers(imitated.sandboxes, names, reader)
    by_operation: dict[str, Handler] = {
        "health": server.health,
        "health_live": server.health,
        "health_ready": server.health,
        "version": server.read_version,
        "client": read_client,
        "client_types": read_types,
        "people": people.list,
        "make_person": people.make,
        "person": people.look,
        "change_person": people.change,
        "remove_person": people.remove,
        "rules": server.rules,
        "clock": clock.read,
        "set_clock": clock.change,
        "agenda": agenda.read,
        "inbox": inbox.find,
        "empty_inbox": inbox.empty,
        "message": inbox.read,
        "faults": faults.list,
        "arm_fault": faults.arm,
        "change_faults": faults.change_all,
        "disarm_faults": faults.disarm_all,
        "fault": faults.look,
        "change_fault": faults.change,
        "disarm_fault": faults.disarm,
        "events": EventHandlers(reader).follow,
        "mutants": mutants.list,
        "set_mutants": mutants.replace,
        "journal": entries.find,
        "clear_journal": entries.clear,
        "entry": entries.read,
        "explain_entry": entries.explain,
        "replay_entry": replays.replay,
        "what_if": replays.what_if,
        "verify": entries.verify,
        "coverage": covered.read,
        "clear_coverage": covered.clear,
        "findings": covered.find,
        "requests": wiremock.list,
        "forget_requests": wiremock.clear,
        "logged_request": wiremock.read,
        "forget_request": wiremock.forget,
        "find_requests": wiremock.find,
        "count_requests": wiremock.count,
        "remove_requests": wiremock.remove,
        "reset_requests": wiremock.clear,
        "unmatched_requests": wiremock.unmatched,
        "near_misses": wiremock.near_misses,
        "settings": settings.read,
        "settings_schema": settings.describe,
        "replace_settings": settings.replace,
        "change_settings": settings.change,
        "reset": sandboxes.reset,
        "export_state": state.export,
        "import_state": state.restore,
        "snapshots": snapshots.list,
        "save_snapshot": snapshots.save,
        "restore_snapshot": snapshots.restore,
        "drop_snapshot": snapshots.drop,
        "sandboxes": sandboxes.list,
        "make_sandbox": sandboxes.create,
        "sandbox": sandboxes.look,
        "choose_proposal": sandboxes.choose,
        "drop_sandbox": sandboxes.drop,
    }
    return SimpleNamespace(**{name: answer_control_errors(handler) for name, handler in by_operation.items()})
