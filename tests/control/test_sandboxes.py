"""Sandboxes as a whole."""

from datetime import timedelta

import pytest

from tests.control.conftest import FullDisk, send, toy_sandboxes
from tests.toy import NOON
from watchword.control.clock import ClockReading, advance_clock, read_clock
from watchword.control.errors import (
    ChangeNotStored,
    DefaultSandboxStays,
    InvalidSandboxName,
    NoSuchSandbox,
    SandboxExists,
    TooManySandboxes,
)
from watchword.control.inbox import find_messages
from watchword.control.rules import list_switched_off, switch_off
from watchword.control.sandboxes import (
    SandboxSummary,
    create_sandbox,
    drop_sandbox,
    enter_sandbox,
    list_sandboxes,
    look_at_sandbox,
    reset_sandbox,
)
from watchword.control.settings import change_settings, read_settings
from watchword.domain.chance import Chance
from watchword.domain.rule import Grade, rule
from watchword.sandbox import Sandbox, Sandboxes

FRESH_CLOCK = ClockReading(NOON, frozen=False, offset=timedelta(0))


@rule("toy.control.sandboxes", Grade.ASSUMED, "A rule of these tests.")
def require_nothing() -> None:
    """Nothing is required."""


def create(toys: Sandboxes, name: str | None = None) -> SandboxSummary:
    return create_sandbox(toys, name, chance=Chance(1))


def test_a_sandbox_is_created_under_its_name(toys: Sandboxes) -> None:
    assert create(toys, "new") == look_at_sandbox(toys, "new") == SandboxSummary("new", NOON, FRESH_CLOCK, messages=0)


def test_a_sandbox_without_a_name_gets_one_that_no_other_has(toys: Sandboxes) -> None:
    chance = Chance(1)
    names = {create_sandbox(toys, chance=chance).name for _ in range(3)}
    assert len(names) == 3
    assert {one.name for one in list_sandboxes(toys)} == names
    assert create(toys).name not in names, "a name that the same chance has given before is not given again"


def test_sandboxes_are_listed_oldest_first(toys: Sandboxes) -> None:
    for name in ("b", "a", "c"):
        create(toys, name)
    assert [one.name for one in list_sandboxes(toys)] == ["b", "a", "c"]


def test_a_name_that_is_taken_is_refused(toys: Sandboxes, box: Sandbox) -> None:
    with pytest.raises(SandboxExists, match="leave the name out"):
        create(toys, "box")


@pytest.mark.parametrize("name", ["~x", "a b", "x" * 65])
def test_a_name_that_no_sandbox_can_have_is_refused(toys: Sandboxes, name: str) -> None:
    for attempt in (create, enter_sandbox):
        with pytest.raises(InvalidSandboxName, match="1 to 64 letters"):
            attempt(toys, name)
    assert list_sandboxes(toys) == ()


def test_there_are_no_more_sandboxes_than_allowed() -> None:
    toys = toy_sandboxes(capacity=1)
    create(toys, "first")
    for attempt in (create, enter_sandbox):
        with pytest.raises(TooManySandboxes, match=r"^There are 1 sandboxes already; delete some first\.$"):
            attempt(toys, "second")
    assert [one.name for one in list_sandboxes(toys)] == ["first"]


def test_entering_creates_a_sandbox_once(toys: Sandboxes) -> None:
    assert enter_sandbox(toys, "box") is enter_sandbox(toys, "box")


def test_looking_at_a_sandbox_does_not_create_it(toys: Sandboxes) -> None:
    with pytest.raises(NoSuchSandbox, match="There is no sandbox 'nobody'"):
        look_at_sandbox(toys, "nobody")
    assert list_sandboxes(toys) == ()


def test_a_summary_counts_messages(toys: Sandboxes, box: Sandbox) -> None:
    send(box)
    assert look_at_sandbox(toys, "box").messages == 1


def test_a_reset_takes_everything_back_in_one_sandbox_alone(toys: Sandboxes) -> None:
    for one in (toys.enter("box"), toys.enter("other")):
        advance_clock(one, timedelta(days=1))
        change_settings(one, {"toy": {"maintenance": True}})
        switch_off(one, "toy.control.sandboxes")
        send(one)
    assert reset_sandbox(toys, "box") == SandboxSummary("box", NOON, FRESH_CLOCK, messages=0)
    box, other = toys.enter("box"), toys.enter("other")
    assert (read_clock(box), read_clock(other).offset) == (FRESH_CLOCK, timedelta(days=1))
    assert [read_settings(one)["toy"].maintenance for one in (box, other)] == [False, True]
    assert [len(list_switched_off(one)) for one in (box, other)] == [0, 1]
    assert [len(find_messages(one)) for one in (box, other)] == [0, 1]


def test_a_dropped_sandbox_is_gone(toys: Sandboxes, box: Sandbox) -> None:
    drop_sandbox(toys, "box")
    for attempt in (look_at_sandbox, drop_sandbox):
        with pytest.raises(NoSuchSandbox):
            attempt(toys, "box")


def test_the_default_sandbox_stays(toys: Sandboxes) -> None:
    with pytest.raises(DefaultSandboxStays, match="Reset it instead"):
        drop_sandbox(toys, "default")
    assert look_at_sandbox(toys, "default").name == "default"


def test_a_full_disk_leaves_sandboxes_as_they_were() -> None:
    toys = toy_sandboxes(persistence=FullDisk())
    with pytest.raises(ChangeNotStored):
        create(toys, "new")
    assert list_sandboxes(toys) == ()
    box = toys.enter("box")
    for attempt in (drop_sandbox, reset_sandbox):
        with pytest.raises(ChangeNotStored):
            attempt(toys, "box")
        assert enter_sandbox(toys, "box") is box
