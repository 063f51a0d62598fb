"""Sandboxes are persisted: after a restart, a sandbox has everything that it had before."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Api
from watchword.build import Built, Options, build
from watchword.control.clock import scale_clock
from watchword.control.sandboxes import choose_proposal
from watchword.domain.chance import Chance
from watchword.domain.clock import Clock
from watchword.domain.hashing import Profile
from watchword.domain.limits import Limit
from watchword.domain.mutation import break_rules, mutants_in
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import NotStored
from watchword.sandbox import Sandbox
from watchword.sandbox.faults import ArmedFault, FaultPlan
from watchword.sandbox.registry import Sandboxes
from watchword.sandbox.start import Start
from watchword.sandbox.stored_state import of_snapshot
from watchword.store import UnusableData, records
from watchword.store.sqlite import FILE, SqlitePersistence
from watchword.system.settings import SystemSettings
from watchword.systems import SYSTEMS
from watchword.systems.weavr.records import Scope, Session

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
BROKEN = ("weavr.key.known/gone", "weavr.login.locked/AccountLocked-code", "weavr_multi.login_with_password/unmarked")


class Times:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class Restarts:
    """
    The sandboxes of a server that is killed and restarted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.starts, self.time = folder, 0, Times()
        self.disk: SqlitePersistence | None = None

    def start(self, **options: object) -> Sandboxes:
        """Start on a copy of the present files, which is what a kill at this moment would leave."""
        former, self.starts = self.folder / str(self.starts), self.starts + 1
        present = self.folder / str(self.starts)
        present.mkdir()
        for path in former.glob(f"{FILE}*"):
            shutil.copy(path, present)
        self.stop()
        self.disk = SqlitePersistence(present)
        return Sandboxes(SYSTEMS, wall_clock=self.time, persistence=self.disk, **options)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Close the files."""
        if self.disk is not None:
            self.disk.close()

    def break_disk(self) -> None:
        """Make every write to the disk fail."""
        assert self.disk is not None
        self.disk.file.connection.execute("PRAGMA query_only=ON")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restarts]:
    """A server that has not started yet."""
    made = Restarts(tmp_path)
    yield made
    made.stop()


def write(sandbox: Sandbox, *mails: str) -> None:
    """Commit a session and mails to *mails* in one transaction."""
    outbox, transaction = Outbox(), sandbox.store.transaction()
    for to in mails:
        outbox.mail(to=to, subject="Hello", text="Your code is 1.", codes=["1"], links=["http://x"])
    transaction.put(Session(f"d{sandbox.store.commits}", "u", Scope.EVERYTHING, NOON))
    assert sandbox.commit(transaction, outbox.drafts, system="weavr_multi", now=NOON)


def move(clock: Clock) -> Clock:
    """Make a clock that is frozen three days later."""
    other = replace(clock)
    other.advance(timedelta(days=3, microseconds=1))
    other.freeze()
    return other


LATE = FaultPlan.model_validate({"fault": {"delay": {"lognormal": {"median": "90s", "sigma": 0.5}}}, "times": 4})
CHANGES: dict[str, Callable[[Sandbox], object]] = {
    "a record": write,
    "a mail": lambda one: write(one, "ada@x"),
    "the clock": lambda one: one.set_clock(move(one.clock)),
    "settings": lambda one: one.change_settings({"zitadel": {"code_minutes": 7}}),
    "an emptied mailbox": lambda one: one.empty_mailbox(),
    "an armed fault": lambda one: one.set_faults((ArmedFault(id="fault-7", plan=LATE, seen=3, hits=2),), 9),
}


def read_state(sandbox: Sandbox) -> dict[str, object]:
    """Read everything that is persisted."""
    return {
        "tables": {name: dict(rows) for name, rows in sandbox.store._storage.read().items() if len(rows)},
        "clock": (sandbox.clock.offset, sandbox.clock.frozen_at),
        "settings": dict(sandbox.settings),
        "messages": list(sandbox.mailbox),
        "sent": sandbox.mailbox.count,
        "faults": (sandbox.faults, sandbox.fault_count),
        "created": sandbox.created_at,
    }


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_sandbox_is_the_same_after_a_kill_and_a_restart(
    server: Restarts, change: Callable[[Sandbox], object]
) -> None:
    box = server.start().enter("box")
    write(box, "first@x")
    change(box)
    before = read_state(box)
    server.time.now += timedelta(hours=1)
    found = server.start().get("box")
    assert found is not None
    assert read_state(found) == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_that_cannot_be_persisted_is_not_made(server: Restarts, change: Callable[[Sandbox], object]) -> None:
    box = server.start().enter("box")
    write(box, "first@x")
    before = read_state(box)
    server.break_disk()
    with pytest.raises(NotStored):
        change(box)
    assert read_state(box) == before
    found = server.start().get("box")
    assert found is not None
    assert read_state(found) == before


def test_a_sandbox_that_cannot_be_reset_or_dropped_does_not_change(server: Restarts) -> None:
    sandboxes = server.start()
    box = sandboxes.enter("box")
    write(box)
    server.break_disk()
    with pytest.raises(NotStored):
        sandboxes.reset("box")
    with pytest.raises(NotStored):
        sandboxes.drop("box")
    assert sandboxes.get("box") is box


def test_a_sandbox_that_cannot_be_persisted_is_not_created(server: Restarts) -> None:
    sandboxes = server.start()
    server.break_disk()
    with pytest.raises(NotStored):
        sandboxes.create("box")
    assert sandboxes.get("box") is None


def test_dropped_mails_do_not_come_back_and_ids_go_on_counting(server: Restarts) -> None:
    box = server.start().enter("box")
    write(box, *(f"{number}@x" for number in range(999)))
    write(box, "a@x", "b@x", "c@x")
    assert [one.id for one in box.mailbox][:1] == [3]
    found = server.start().enter("box")
    assert read_state(found)["messages"] == read_state(box)["messages"]
    found.empty_mailbox()
    later = server.start().enter("box")
    write(later, "d@x")
    assert [one.id for one in later.mailbox] == [1003]


def test_a_reset_sandbox_is_persisted_and_a_dropped_one_does_not_come_back(server: Restarts) -> None:
    sandboxes = server.start()
    for name in ("reset", "dropped"):
        write(sandboxes.enter(name), "ada@x")
    server.time.now += timedelta(minutes=1)
    reset = sandboxes.reset("reset")
    sandboxes.drop("dropped")
    before = read_state(reset)
    after = server.start()
    assert [one.name for one in after] == ["reset"]
    assert read_state(after.enter("reset")) == before


def test_a_created_sandbox_is_persisted_and_one_that_was_only_read_is_not(server: Restarts) -> None:
    sandboxes = server.start()
    sandboxes.create("made")
    sandboxes.people("read")
    assert [one.name for one in server.start()] == ["made"]


def test_a_faster_clock_goes_on_as_fast_after_a_restart(server: Restarts) -> None:
    scale_clock(server.start().enter("box"), 60)
    server.time.now += timedelta(minutes=1)
    assert server.start().enter("box").clock.now() == NOON + timedelta(hours=1)


def test_sandboxes_share_their_seed_data_after_a_restart(server: Restarts) -> None:
    sandboxes = server.start()
    for name in ("one", "other"):
        write(sandboxes.enter(name))
    again = server.start()
    one, other = (again.enter(name).store._storage.read()["weavr_users"]._shared for name in ("one", "other"))
    assert one is other
    assert len(one.rows) > 10


def test_settings_that_were_never_changed_follow_the_flags(server: Restarts) -> None:
    sandboxes = server.start()
    sandboxes.create("box").change_settings({"entrust": {"maintenance": True}})
    model = next(one.settings_model for one in SYSTEMS if one.name == "zitadel")
    again = server.start(settings={"zitadel": model(portal_url="http://elsewhere")})
    assert again.enter("box").settings["zitadel"].portal_url == "http://elsewhere"
    assert again.enter("box").settings["entrust"].maintenance is True


def test_a_random_sequence_continues_after_the_last_persisted_change(server: Restarts) -> None:
    box = server.start(random_seed=42).enter("box")
    chance = box.chances.of("weavr_multi")
    first = chance.token()
    write(box)
    expected = Chance.from_state(chance.export_state()).token()
    assert server.start(random_seed=42).enter("box").chances.of("weavr_multi").token() == expected != first
    assert server.start(random_seed=7).enter("box").chances.of("weavr_multi").token() not in (first, expected)


@pytest.mark.parametrize("change", [None, *CHANGES.values()], ids=["nothing", *CHANGES])
def test_a_fork_is_persisted_with_all_that_it_has(server: Restarts, change: Callable[[Sandbox], object] | None) -> None:
    sandboxes = server.start(random_seed=42)
    box = sandboxes.enter("box")
    box.chances.of("zitadel").token()
    if change is not None:
        change(box)
    fork = sandboxes.fork(box, "fork")
    write(fork, "bob@x")
    found = server.start(random_seed=42).get("fork")
    assert found is not None
    assert found.store.to_shared_rows().keys() >= fork.store.to_shared_rows().keys()
    for table, rows in fork.store.to_shared_rows().items():
        assert found.store.to_shared_rows()[table].rows == rows.rows
    assert (tuple(found.mailbox), found.mailbox.count) == (tuple(fork.mailbox), fork.mailbox.count)
    assert (found.clock.position, found.settings) == (fork.clock.position, fork.settings)
    assert (found.faults, found.fault_count) == (fork.faults, fork.fault_count)
    for system in ("zitadel", "entrust"):
        assert found.chances.of(system).token() == fork.chances.of(system).token()
    assert found.chances.apart("fault").token() == box.chances.apart("fault").token()


def test_a_fork_that_the_disk_refuses_does_not_exist(server: Restarts) -> None:
    sandboxes = server.start()
    box = sandboxes.create("box")
    server.break_disk()
    with pytest.raises(NotStored):
        sandboxes.fork(box, "fork")
    assert sandboxes.get("fork") is None


@pytest.mark.parametrize("random_seed", [None, 42])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_snapshot_survives_a_restart_with_all_that_it_has(
    server: Restarts, change: Callable[[Sandbox], object], random_seed: int | None
) -> None:
    sandboxes = server.start(random_seed=random_seed)
    box = sandboxes.enter("box")
    write(box, "first@x")
    change(box)
    box.rate_limiter.count_request("somebody", [Limit(3, timedelta(minutes=1))], now=NOON)
    box.switch_rules(break_rules([sandboxes.mutants[one] for one in BROKEN]))
    before, now, limits = read_state(box), box.clock.now(), list(box.rate_limiter)
    sandboxes.take_snapshot("box", "one")
    expected = [box.chances.of("entrust").token(), box.chances.apart("fault").token()]
    sandboxes.reset("box")
    for restart in range(2):
        server.time.now += timedelta(hours=1)
        sandboxes = server.start(random_seed=random_seed)
        assert [one.name for one in sandboxes] == ["box"]
        saved = sandboxes.snapshots("box")["one"]
        assert saved.taken_at == NOON
        restored = sandboxes.restore_snapshot("box", saved)
        assert (restored.clock.now(), restored.clock.frozen) == (now, box.clock.frozen)
        assert {**read_state(restored), "clock": before["clock"]} == before
        assert (list(restored.rate_limiter), mutants_in(restored.rules)) == (limits, BROKEN)
        write(restored, f"later{restart}@x")
        if restart:
            restored = sandboxes.restore_snapshot("box", saved)
        assert [restored.chances.of("entrust").token(), restored.chances.apart("fault").token()] == expected


def test_a_snapshot_without_a_mutant_that_this_release_does_not_have_can_be_restored(
    server: Restarts, caplog: pytest.LogCaptureFixture
) -> None:
    sandboxes = server.start()
    box = sandboxes.enter("box")
    box.switch_rules(break_rules([sandboxes.mutants[one] for one in BROKEN]))
    saved = sandboxes.take_snapshot("box", "one")
    (document,) = of_snapshot(saved.taken_at, saved.content.rate_limiter, saved.content.rules, runs=True).items()
    place, written = document
    assert written is not None
    saved.content.persisted.write({place: {**written, "mutants": [*BROKEN, "weavr.key.known/lost"]}})
    restored = server.start().snapshots("box")["one"].restored()
    assert mutants_in(restored.rules) == BROKEN
    assert "Snapshot one of sandbox box was saved with the mutant weavr.key.known/lost" in caplog.text


def test_a_restored_sandbox_draws_on_after_a_restart(server: Restarts) -> None:
    sandboxes = server.start()
    sandboxes.restore_snapshot("box", sandboxes.take_snapshot("box", "one"))
    box = sandboxes.enter("box")
    box.chances.of("weavr_multi").token()
    write(box)
    found = server.start().get("box")
    assert found is not None
    assert found.chances.of("weavr_multi").token() == box.chances.of("weavr_multi").token()


def test_snapshots_are_dropped_with_their_sandbox_and_do_not_come_back(server: Restarts) -> None:
    sandboxes = server.start()
    for name in ("one", "two"):
        sandboxes.take_snapshot("box", name)
    sandboxes.drop_snapshot("box", "one")
    sandboxes = server.start()
    assert list(sandboxes.snapshots("box")) == ["two"]
    sandboxes.drop("box")
    assert list(server.start().snapshots("box")) == []


def test_snapshots_that_the_disk_refuses_are_neither_taken_restored_nor_dropped(server: Restarts) -> None:
    sandboxes = server.start()
    write(sandboxes.enter("box"))
    saved = sandboxes.take_snapshot("box", "one")
    write(sandboxes.enter("box"))
    before = read_state(sandboxes.enter("box"))
    server.break_disk()
    for change in (
        lambda: sandboxes.take_snapshot("box", "two"),
        lambda: sandboxes.restore_snapshot("box", saved),
        lambda: sandboxes.drop_snapshot("box", "one"),
        lambda: sandboxes.drop("box"),
    ):
        with pytest.raises(NotStored):
            change()
        assert list(sandboxes.snapshots("box")) == ["one"]
        assert read_state(sandboxes.enter("box")) == before


def test_persisted_settings_that_are_invalid_prevent_the_start(server: Restarts) -> None:
    server.start().create("box").change_settings({"entrust": {"maintenance": True}})
    path = server.folder / str(server.starts) / FILE
    server.stop()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE documents SET document = '{\"no_such\": 1}' WHERE place = 'watchword.settings'")
        connection.commit()
    path.with_name(f"{FILE}-seal").unlink()
    with pytest.raises(UnusableData, match="sandbox 'box' cannot be read"):
        server.start()


def is_dropped(name: str, sandboxes: Sandboxes) -> bool:
    sandboxes.enter("default")
    return sandboxes.get(name) is None


def test_an_idle_sandbox_is_dropped_and_does_not_come_back(server: Restarts) -> None:
    sandboxes = server.start(idle_timeout=timedelta(seconds=60))
    for name in ("default", "box"):
        with sandboxes.using(sandboxes.enter(name)):
            sandboxes.create(name)
    server.time.now += timedelta(seconds=59)
    assert not is_dropped("box", sandboxes)
    server.time.now += timedelta(seconds=2)
    assert is_dropped("box", sandboxes)
    assert [one.name for one in server.start()] == ["default"]


def test_a_sandbox_in_use_is_not_dropped(server: Restarts) -> None:
    sandboxes = server.start(idle_timeout=timedelta(seconds=60))
    with sandboxes.using(sandboxes.enter("box")):
        server.time.now += timedelta(hours=1)
        assert not is_dropped("box", sandboxes)
    server.time.now += timedelta(seconds=59)
    assert not is_dropped("box", sandboxes)


def test_without_an_idle_timeout_no_sandbox_is_dropped(server: Restarts) -> None:
    sandboxes = server.start()
    sandboxes.enter("box")
    server.time.now += timedelta(days=3650)
    assert not is_dropped("box", sandboxes)


def test_an_idle_sandbox_that_cannot_be_dropped_is_dropped_later(server: Restarts) -> None:
    sandboxes = server.start(idle_timeout=timedelta(seconds=60))
    write(sandboxes.enter("box"))
    server.break_disk()
    server.time.now += timedelta(seconds=61)
    assert not is_dropped("box", sandboxes)
    assert server.disk is not None
    server.disk.file.connection.execute("PRAGMA query_only=OFF")
    server.time.now += timedelta(seconds=2)
    assert is_dropped("box", sandboxes)


@pytest.fixture
def refusing(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Api]:
    """A client of a server whose disk fails every write."""
    built: Built = build(Options(hashing=Profile.FAST, data=tmp_path / "data"))
    disk = built.imitated.sandboxes.persistence
    assert isinstance(disk, SqlitePersistence)
    disk.file.connection.execute("PRAGMA query_only=ON")
    yield Api(built, runner, None)
    disk.close()


@pytest.mark.parametrize(
    ("request_line", "person", "body"),
    [
        ("POST /passwords/lost_password/start", "weavr_multi ada", {"email": "ada@multi.example"}),
        ("POST /v1/passwords/lost_password/start", "weavr_payment_run bruno", {"email": "bruno@buyers.example"}),
        ("POST /v2/users/{}/password_reset", "zitadel mini", {"returnCode": {}}),
        ("PUT /api/web/v1/users/{}/passwords", "entrust ada", {"password": "Quiet-River-42!"}),
        ("PUT /__admin/clock", "entrust ada", {"action": "freeze"}),
        ("PATCH /__admin/settings", "entrust ada", {"zitadel": {"code_minutes": 5}}),
        ("DELETE /__admin/inbox", "entrust ada", None),
        ("POST /__admin/reset", "entrust ada", None),
        ("POST /__admin/sandboxes", "entrust ada", {"name": "other"}),
    ],
)
def test_every_system_answers_503_in_its_own_format(
    refusing: Api, request_line: str, person: str, body: object
) -> None:
    system, name = person.split()
    method, path = request_line.split()
    people = {(one.system, one.name): one for one in refusing.built.imitated.sandboxes.people()}
    found = people[system, name]
    answer = refusing.request(method, path.format(found.id), json=body, headers=found.headers)
    assert answer.status == 503
    assert "Watchword-Contract-Violation".lower() not in answer.headers
    said = f"{answer.body} {answer.headers}"
    assert "Nothing was changed" in said
    assert "read-only" in said
    assert refusing.request("GET", "/__admin/people").status == 200


def test_every_record_that_expires_has_a_retention() -> None:
    """A record that expires has a retention, unless there is only one for each user or it is only in the seed data."""
    named = {one.kind.__name__ for system in SYSTEMS for one in system.retention}
    ends = {"expires_at", "issued_at"}
    stored = [kind for kind in records._TYPES if kind.__module__.startswith("watchword.systems")]
    expiring = {kind.__name__ for kind in stored if ends & set(kind.__dataclass_fields__)}
    assert expiring - named == {"Nonce", "MachineKey", "Invitation"}
    assert all(one.keep_newest >= 1000 for system in SYSTEMS for one in system.retention)


FORMAT_1 = Path(__file__).parent / "store" / "format_1.sql"


def test_a_data_file_of_the_first_format_can_still_be_read(tmp_path: Path, runner: asyncio.Runner) -> None:
    """If a record, a setting or a table changes, it needs a default, or a new step in ``store/format.py``."""
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript(FORMAT_1.read_text(encoding="utf-8"))
    built = build(Options(hashing=Profile.FAST, data=tmp_path, random_seed=42))
    api, sandboxes = Api(built, runner, "box"), built.imitated.sandboxes
    people = {(one.system, one.name): one for one in sandboxes.people("box")}
    ada, mini = people["weavr_multi", "ada"], people["zitadel", "mini"]
    body = {"email": ada.login, "password": {"value": "Golden-River-42"}}
    assert api.request("POST", "/login_with_password", json=body, headers=ada.headers).status == 200
    checks = {"user": {"loginName": mini.login}, "password": {"password": "Golden-River-42!"}}
    assert api.request("POST", "/v2/sessions", json={"checks": checks}, headers=mini.headers).status == 201
    assert api.request("GET", "/__admin/clock").body["now"] == "2026-02-01T00:00:00.000Z"
    assert api.request("GET", "/__admin/settings").body["zitadel"]["code_minutes"] == 7
    assert [one["id"] for one in api.request("GET", "/__admin/inbox").body["messages"]] == [2, 1]
    sandboxes.persistence.close()


def of(system: str, **settings: object) -> dict[str, SystemSettings]:
    """The settings of one system."""
    model = next(one.settings_model for one in SYSTEMS if one.name == system)
    return {system: model.model_validate(settings)}


def set_in(sandbox: Sandbox, system: str) -> dict[str, object]:
    """What is set of the settings of a system."""
    return sandbox.settings[system].model_dump(exclude_unset=True)


def test_a_proposal_and_its_settings_outlast_the_server(server: Restarts) -> None:
    sandboxes = server.start(proposals={"next": Start(of("zitadel", code_minutes=7))})
    box, new = sandboxes.enter("box"), sandboxes.start("next")
    box.choose_proposal("next", {**new.settings, **of("entrust", maintenance=True)}, new)
    later = server.start(proposals={"next": Start(of("zitadel", code_minutes=8))}).enter("box")
    assert later.proposal == "next"
    assert set_in(later, "zitadel") == {"code_minutes": 8}
    assert later.settings["entrust"].maintenance


def test_a_sandbox_whose_proposal_the_server_does_not_have_is_without_until_it_has_it_again(
    server: Restarts, caplog: pytest.LogCaptureFixture
) -> None:
    server.start(proposals={"next": Start()}).create("box", "next")
    assert server.start().enter("box").proposal == ""
    problem = (
        "was saved with the proposal next, which this server does not have (--proposal next=FILE): until it has it"
    )
    assert f"Sandbox box {problem} again, today's document counts there." in caplog.text
    assert server.start(proposals={"next": Start()}).enter("box").proposal == "next"


def test_a_snapshot_whose_proposal_the_server_does_not_have_is_told_by_name(
    server: Restarts, caplog: pytest.LogCaptureFixture
) -> None:
    sandboxes = server.start(proposals={"next": Start()})
    sandboxes.create("box", "next")
    sandboxes.take_snapshot("box", "one")
    later = server.start()
    assert later.restore_snapshot("box", later.snapshots("box")["one"]).proposal == ""
    assert "Snapshot one of sandbox box was saved with the proposal next" in caplog.text


def test_settings_of_a_proposal_are_gone_for_good_once_another_document_is_chosen(server: Restarts) -> None:
    proposals = {"next": Start(of("zitadel", code_minutes=7))}
    sandboxes = server.start(proposals=proposals)
    sandboxes.create("box", "next").change_settings({"zitadel": {"maintenance": True}})
    sandboxes.enter("box").change_settings({"zitadel": {"maintenance": False}})
    choose_proposal(sandboxes, "box", None)
    assert set_in(server.start(proposals=proposals).enter("box"), "zitadel") == {}


def test_a_reset_sandbox_has_its_proposal_after_a_restart(server: Restarts) -> None:
    sandboxes = server.start(proposals={"next": Start()})
    sandboxes.create("box", "next")
    sandboxes.reset("box")
    assert server.start(proposals={"next": Start()}).enter("box").proposal == "next"


def test_a_request_that_is_in_a_sandbox_writes_to_it_after_its_proposal_was_chosen(server: Restarts) -> None:
    sandboxes = server.start(proposals={"next": Start()})
    inside = sandboxes.visit("box")
    choose_proposal(sandboxes, "box", "next")
    write(inside, "ada@x")
    later = server.start(proposals={"next": Start()}).enter("box")
    assert (later.proposal, [one.to for one in later.mailbox]) == ("next", ["ada@x"])


def test_without_its_proposal_a_sandbox_has_of_a_system_only_the_settings_that_were_changed_there(
    server: Restarts,
) -> None:
    proposals = {"next": Start(of("zitadel", code_minutes=7))}
    server.start(proposals=proposals).create("box", "next").change_settings({"zitadel": {"maintenance": True}})
    assert set_in(server.start().enter("box"), "zitadel") == {"maintenance": True}
    again = server.start(proposals=proposals).enter("box")
    assert set_in(again, "zitadel") == {"maintenance": True, "code_minutes": 7}


def test_todays_document_is_chosen_for_good_where_the_proposal_is_missing(server: Restarts) -> None:
    server.start(proposals={"next": Start()}).create("box", "next")
    choose_proposal(server.start(), "box", None)
    assert server.start(proposals={"next": Start()}).enter("box").proposal == ""


def test_a_fork_and_a_snapshot_have_settings_that_nobody_changed_from_the_flags_of_the_next_server(
    server: Restarts,
) -> None:
    sandboxes = server.start()
    sandboxes.fork(sandboxes.create("box"), "fork")
    sandboxes.take_snapshot("box", "one")
    later = server.start(settings=of("zitadel", code_minutes=7))
    for one in (later.enter("fork"), later.snapshots("box")["one"].restored()):
        assert set_in(one, "zitadel") == {"code_minutes": 7}


def test_settings_that_do_not_fit_the_flags_of_the_next_server_stay_and_are_told(
    server: Restarts, caplog: pytest.LogCaptureFixture
) -> None:
    server.start().create("box").change_settings({"entrust": {"password": {"minimum_length": 30}}})
    later = server.start(settings=of("entrust", password={"maximum_length": 20})).enter("box")
    assert set_in(later, "entrust") == {"password": {"minimum_length": 30}}
    assert "Sandbox box keeps its settings of entrust: entrust.password" in caplog.text


UNAVAILABLE = FaultPlan.model_validate({"fault": {"answer": {"status": 503}}})


def test_a_fault_of_a_document_that_the_next_server_lacks_is_not_armed_there(server: Restarts) -> None:
    server.start(faults=[UNAVAILABLE]).create("box").meet_faults(lambda _one: True)
    assert server.start().enter("box").faults == ()
    assert [one.hits for one in server.start(faults=[UNAVAILABLE]).enter("box").faults] == [1]


def test_a_snapshot_follows_the_document_as_its_sandbox_does(server: Restarts) -> None:
    sandboxes = server.start(faults=[UNAVAILABLE])
    sandboxes.take_snapshot("box", "one")
    changed = of("zitadel", code_minutes=7)
    assert sandboxes.begin_with(Start(changed), {}) == []
    for one in (sandboxes.snapshots("box")["one"], server.start(settings=changed).snapshots("box")["one"]):
        restored = one.restored()
        assert (restored.faults, set_in(restored, "zitadel")) == ((), {"code_minutes": 7})


def test_a_snapshot_that_cannot_follow_is_told_by_its_name(server: Restarts) -> None:
    sandboxes = server.start()
    sandboxes.enter("box").change_settings({"entrust": {"password": {"minimum_length": 30}}})
    sandboxes.take_snapshot("box", "one")
    problems = sandboxes.begin_with(Start(of("entrust", password={"maximum_length": 20})), {})
    assert {one.partition(" keeps its settings of entrust: ")[0] for one in problems} == {
        "Sandbox box",
        "Snapshot one of sandbox box",
    }
