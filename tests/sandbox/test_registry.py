"""Sandboxes: isolated worlds, made on first use, side by side."""

import gc
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from pydantic import Field

from tests.toy import NOON, toy
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.limits import Limit
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import NotStored
from watchword.sandbox import Sandbox
from watchword.sandbox.registry import Sandboxes, SandboxLimitReached
from watchword.sandbox.start import Start
from watchword.store import PersistedSandbox, Transaction, record
from watchword.system.seed_data import Person, SeedData
from watchword.system.setting_faults import InvalidSettings, SettingFault
from watchword.system.settings import SystemSettings


@record("toy_people", key="id", indexed=("name",))
@dataclass(frozen=True)
class Somebody:
    id: str
    name: str
    joined_at: datetime
    visits: int = 0


class ToySettings(SystemSettings):
    """What can be set of the toy."""

    color: str = Field(default="red", max_length=10)


def write_seed_data(tx: Transaction, seed_data: SeedData) -> None:
    for name in ("ada", "ben"):
        tx.put(Somebody(f"{name}-{seed_data.chance.digits(6)}", name, seed_data.now - timedelta(days=1)))


def people(seed_data: SeedData) -> Sequence[Person]:
    return [Person("toy", "ada", f"Likes {seed_data.settings.color}.", "1", "ada", None)]


def sandboxes(**options: Any) -> Sandboxes:
    system = toy(settings_model=ToySettings, write_seed_data=write_seed_data, people=people)
    usual: dict[str, Any] = {"wall_clock": lambda: NOON, "hasher": Hasher(Profile.FAST), "random_seed": 7}
    return Sandboxes([system, toy(name="doll")], **{**usual, **options})


def seen(sandbox: Sandbox) -> list[tuple[str, int]]:
    return [(one.name, one.visits) for one in sandbox.store.transaction().find(Somebody)]


def disturb(sandbox: Sandbox) -> None:
    """Change everything that a sandbox has."""
    transaction = sandbox.store.transaction()
    first, second = transaction.find(Somebody)
    transaction.put(replace(first, visits=5))
    transaction.delete(Somebody, second.id)
    assert transaction.commit()
    outbox = Outbox()
    outbox.mail(to="ada@example.com", subject="Hello", text="Text")
    sandbox.mailbox.deliver(sandbox.mailbox.prepare(outbox.drafts, system="toy", now=NOON))
    sandbox.clock.set(NOON + timedelta(days=90), frozen=True)
    sandbox.change_settings({"toy": {"color": "blue"}})
    sandbox.rate_limiter.count_request("ada", [Limit(1, timedelta(hours=1))], now=NOON)
    sandbox.chances.of("toy").token()


def state(sandbox: Sandbox) -> list[Any]:
    return [
        seen(sandbox),
        list(sandbox.mailbox),
        sandbox.clock.now(),
        sandbox.clock.frozen,
        sandbox.settings["toy"],
        len(sandbox.rate_limiter),
        sandbox.chances.of("toy").token(),
    ]


def test_a_sandbox_is_made_from_the_seed_on_first_use() -> None:
    served_api = sandboxes()
    assert served_api.get("box") is None
    assert seen(served_api.enter("box")) == [("ada", 0), ("ben", 0)]
    assert served_api.get("box") is served_api.enter("box")


def test_the_seed_is_planted_in_the_sandboxs_own_time() -> None:
    (ada, _) = sandboxes().enter("box").store.transaction().find(Somebody)
    assert ada.joined_at == NOON - timedelta(days=1)


def test_sandboxes_share_nothing() -> None:
    served_api = sandboxes()
    untouched = state(sandboxes().enter("other"))
    disturb(served_api.enter("box"))
    assert state(served_api.enter("other")) == untouched


def test_a_sandbox_that_was_made_earlier_is_not_disturbed_either() -> None:
    served_api = sandboxes()
    other = served_api.enter("other")
    disturb(served_api.enter("box"))
    assert seen(other) == [("ada", 0), ("ben", 0)]


def test_a_reset_sandbox_is_as_fresh_as_on_its_first_day() -> None:
    served_api = sandboxes()
    fresh = state(sandboxes().enter("box"))
    disturb(served_api.enter("box"))
    assert state(served_api.reset("box")) == fresh
    assert served_api.get("box") is not None


def test_a_reset_sandbox_takes_the_place_of_the_old_one() -> None:
    served_api = sandboxes()
    old = served_api.enter("box")
    assert served_api.reset("box") is served_api.enter("box") is not old


def test_a_dropped_sandbox_is_forgotten_and_may_come_again() -> None:
    served_api = sandboxes()
    disturb(served_api.enter("box"))
    assert served_api.drop("box")
    assert not served_api.drop("box")
    assert served_api.get("box") is None
    assert seen(served_api.enter("box")) == [("ada", 0), ("ben", 0)]


def test_all_sandboxes_are_listed() -> None:
    served_api = sandboxes()
    for name in ("one", "two"):
        served_api.enter(name)
    assert [one.name for one in served_api] == ["one", "two"]


def test_with_a_seed_every_sandbox_has_the_same_seed_data_and_a_repeatable_sequence_of_its_own() -> None:
    served_api = sandboxes(random_seed=7)
    one, other = served_api.enter("one"), served_api.enter("other")
    assert [person.id for person in one.store.transaction().find(Somebody)] == [
        person.id for person in other.store.transaction().find(Somebody)
    ]
    again = sandboxes(random_seed=7).enter("one")
    tokens = [each.chances.of("toy").token() for each in (one, other, again)]
    assert tokens[0] == tokens[2] != tokens[1]
    assert one.chances.of("doll").token() not in tokens


def test_without_a_seed_no_two_sandboxes_are_alike() -> None:
    served_api = sandboxes(random_seed=None)
    tokens = {served_api.enter(name).chances.of("toy").token() for name in ("one", "other")}
    assert len(tokens) == 2


@pytest.mark.parametrize("name", ["", ".", "-a", "a b", "a/b", "a" * 65, "a\n", "ä"], ids=repr)
def test_a_bad_name_is_refused_with_what_a_good_one_is(name: str) -> None:
    served_api = sandboxes()
    with pytest.raises(ValueError, match="1 to 64 letters, digits, dots, dashes and underscores"):
        served_api.enter(name)
    assert list(served_api) == []


def test_there_is_no_room_beyond_the_capacity() -> None:
    served_api = sandboxes(capacity=2)
    disturb(served_api.enter("one"))
    disturb(served_api.enter("two"))
    with pytest.raises(SandboxLimitReached, match="there are 2 sandboxes already; delete some first"):
        served_api.enter("three")
    assert served_api.enter("one").name == "one"
    served_api.drop("one")
    assert served_api.enter("three").name == "three"


@pytest.mark.parametrize(
    "write",
    [
        lambda all_, name: disturb(all_.enter(name)),
        lambda all_, name: all_.enter(name).set_clock(all_.enter(name).clock),
        lambda all_, name: all_.enter(name).empty_mailbox(),
        lambda all_, name: all_.create(name),
    ],
    ids=["a record", "the clock", "the mailbox", "created on purpose"],
)
def test_the_oldest_sandbox_that_was_never_written_to_makes_room(write: Callable[[Sandboxes, str], object]) -> None:
    served_api = sandboxes(capacity=3)
    write(served_api, "written")
    served_api.enter("read")
    served_api.enter("read-later")
    served_api.enter("new")
    assert [one.name for one in served_api] == ["written", "read-later", "new"]


def test_the_default_sandbox_never_makes_room() -> None:
    served_api = sandboxes(capacity=2)
    for name in ("default", "one", "two"):
        served_api.enter(name)
    assert [one.name for one in served_api] == ["default", "two"]


def test_a_visited_sandbox_is_one_for_all_who_are_in_it_and_ends_with_them() -> None:
    served_api = sandboxes()
    box: Sandbox | None = served_api.visit("box")
    assert served_api.visit("box") is box
    assert list(served_api) == []
    held, box = weakref.ref(box), None
    gc.collect()
    assert held() is None


def test_a_visited_sandbox_that_is_kept_stays() -> None:
    served_api = sandboxes()
    box = served_api.visit("box")
    served_api.keep(box)
    served_api.keep(box)
    assert [served_api.get("box"), *served_api] == [box, box]


def test_a_sandbox_that_made_room_while_a_request_was_in_it_is_not_lost() -> None:
    served_api = sandboxes(capacity=1)
    box = served_api.enter("box")
    served_api.enter("other")
    assert served_api.get("box") is None
    assert served_api.visit("box") is box
    served_api.keep(box)
    assert [one.name for one in served_api] == ["box"]


def test_visits_do_not_make_room() -> None:
    served_api = sandboxes(capacity=1)
    box = served_api.enter("box")
    for number in range(5):
        served_api.visit(f"visited-{number}")
    assert list(served_api) == [box]


def test_many_first_uses_at_once_make_one_sandbox() -> None:
    served_api, together = sandboxes(), Barrier(20)

    def enter(_number: int) -> int:
        together.wait()
        return id(served_api.enter("box"))

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(enter, range(20)))) == 1


def fork(boxes: Sandboxes) -> object:
    return boxes.fork(boxes.enter("default"), "box")


@pytest.mark.parametrize(
    "change",
    [
        lambda boxes: boxes.enter("box"),
        lambda boxes: boxes.create("box"),
        lambda boxes: boxes.take_snapshot("box", "one"),
        lambda boxes: boxes.reset("box"),
        lambda boxes: boxes.drop("default"),
        fork,
    ],
)
def test_whoever_hears_of_a_change_keeps_nobody_from_the_next(change: Callable[[Sandboxes], object]) -> None:
    boxes = sandboxes()
    boxes.enter("default")
    with ThreadPoolExecutor(1) as pool:
        heard: list[object] = []

        def hear() -> None:
            heard.append(pool.submit(boxes.visit, f"next-{len(heard)}").result(timeout=5))

        with boxes.changes.listening(hear):
            change(boxes)
    assert heard


def test_the_people_of_all_systems_are_listed_as_a_sandbox_knows_them() -> None:
    served_api = sandboxes()
    served_api.enter("box").change_settings({"toy": {"color": "blue"}})
    assert [person.why for person in served_api.people("box")] == ["Likes blue."]
    assert [person.why for person in served_api.people()] == ["Likes red."]


def test_every_sandbox_starts_with_the_servers_settings() -> None:
    served_api = sandboxes(settings={"toy": ToySettings(color="green")})
    settings = served_api.enter("box").settings
    assert settings["toy"] == ToySettings(color="green")
    assert settings["doll"] == SystemSettings()


class UnfitSettings(ToySettings):
    """Settings that fit no sandbox."""

    def misnamed(self, tx: Transaction, system: str) -> Sequence[SettingFault]:
        return [SettingFault(("color",), "names nobody")]


@pytest.mark.parametrize(
    ("color", "problems"), [("red", []), ("blue", ["Sandbox box keeps its settings of toy: toy.color names nobody."])]
)
def test_sandboxes_follow_only_what_has_changed(color: str, problems: list[str]) -> None:
    boxes = sandboxes(settings={"toy": UnfitSettings(color="red")})
    boxes.enter("box")
    assert boxes.begin_with(Start({"toy": UnfitSettings(color=color)}), {}) == problems


def test_a_change_of_settings_is_merged_system_by_system() -> None:
    sandbox = sandboxes().enter("box")
    sandbox.change_settings({"toy": {"maintenance": True}, "doll": {"failing": True}})
    sandbox.change_settings({"toy": {"color": "blue"}})
    assert sandbox.settings["toy"] == ToySettings(maintenance=True, color="blue")
    assert sandbox.settings["doll"] == SystemSettings(failing=True)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"toy": {"maintenance": True}, "puppet": {}}, KeyError),
        ({"toy": {"maintenance": True}, "doll": {"color": "blue"}}, InvalidSettings),
        ({"toy": {"maintenance": True, "color": "a very long colour"}}, InvalidSettings),
    ],
    ids=["no such system", "no such setting", "no such value"],
)
def test_a_wrong_change_of_settings_changes_nothing(change: dict[str, Any], error: type[Exception]) -> None:
    sandbox = sandboxes().enter("box")
    with pytest.raises(error):
        sandbox.change_settings(change)
    assert sandbox.settings == {"toy": ToySettings(), "doll": SystemSettings()}


def test_a_dropped_sandbox_leaves_memory() -> None:
    served_api = sandboxes(capacity=10)
    dropped = weakref.ref(served_api.enter("one"))
    served_api.drop("one")
    gc.collect()
    assert dropped() is None


def test_a_reset_of_a_new_name_makes_room_as_well() -> None:
    served_api = sandboxes(capacity=2)
    for name in ("one", "two", "three", "four"):
        served_api.reset(name)
    assert len(list(served_api)) == 2


class _FullDisk(PersistedSandbox):
    def write(self, _changes: object) -> None:
        raise NotStored("the disk is full")


@pytest.mark.parametrize("exists", [True, False])
def test_a_sandbox_that_cannot_be_persisted_is_created_only_if_it_was_there(*, exists: bool) -> None:
    served_api = sandboxes(capacity=10)
    box = served_api.enter("box") if exists else served_api.visit("box")
    box.persisted = _FullDisk()
    with pytest.raises(NotStored):
        served_api.create("box")
    assert served_api.get("box") is (box if exists else None)


def test_a_visited_sandbox_is_replaced_by_a_reset() -> None:
    served_api = sandboxes()
    old = served_api.visit("box")
    new = served_api.reset("box")
    served_api.keep(old)
    assert served_api.get("box") is new
    served_api.drop("box")
    assert served_api.visit("box") is not old


def test_a_sandbox_that_was_reset_and_then_written_to_makes_no_room() -> None:
    served_api = sandboxes(capacity=2)
    served_api.enter("a")
    disturb(served_api.reset("a"))
    served_api.enter("b")
    served_api.enter("c")
    assert sorted(one.name for one in served_api) == ["a", "c"]


def test_a_sandbox_that_was_reset_makes_no_room_because_the_reset_is_persisted() -> None:
    served_api = sandboxes(capacity=2)
    served_api.enter("a")
    served_api.reset("a")
    served_api.enter("b")
    served_api.enter("c")
    assert sorted(one.name for one in served_api) == ["a", "c"]
