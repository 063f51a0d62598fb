"""Each kind of mutant of a rule decides as its id says."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

import pytest

from watchword.domain.mutation import exchange_checks, make_mutants
from watchword.domain.order import CheckOrder, Step
from watchword.domain.refusal import Refusal
from watchword.domain.rule import (
    ASSUMED,
    Alternative,
    RuleRecord,
    find_function,
    recording,
    returns,
    returns_argument,
    rule,
)
from watchword.domain.secret import Secret

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Toy(Refusal):
    """409. A toy."""

    status, code = 409, "TOY"


class OtherToy(Refusal):
    """409. Another toy."""

    status, code = 409, "ZEBRA"


class Release(Enum):
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class Account:
    failures: int
    active: bool
    ends: datetime | None = None


class Bounds(NamedTuple):
    least: int

    @property
    def minimum(self) -> int:
        """Read as a rule reads it: not as the field is called."""
        return self.least


@rule("toy.mutation.length", ASSUMED, "a toy")
def check_length(plain: Secret, bounds: Bounds) -> None:
    """A password is not too short."""
    if len(plain.revealed) < bounds.minimum:
        raise Toy


@rule("toy.mutation.other", ASSUMED, "a toy")
def check_other(*, allowed: bool) -> None:
    """What is not allowed is refused."""
    if not allowed:
        raise OtherToy


@rule("toy.mutation.lifetime", ASSUMED, "a toy", without=returns(value=True))
def is_live(account: Account | None, *, now: datetime) -> bool:
    """An account ends."""
    return account is not None and (account.ends is None or now < account.ends)


@rule("toy.mutation.unlock", ASSUMED, "a toy", without=returns_argument("account"))
def unlock(account: Account, release: Release) -> Account:
    """A reset unlocks; the new release activates, too."""
    return replace(account, failures=0, active=account.active or release is Release.NEW)


def broken(identifier: str) -> Alternative:
    """Find the alternative of a mutant of one rule."""
    rule_id = identifier.partition("/")[0]
    (found,) = (one for one in make_mutants(find_function(rule_id)) if one.id == identifier)
    return found.alternatives[rule_id]


def refused(run: Alternative, *arguments: Any, **keywords: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run(*arguments, **keywords)
    return caught.value


def test_a_bound_is_one_too_many_or_too_few() -> None:
    one_more, one_fewer = (broken(f"toy.mutation.length/bounds.least-{how}") for how in ("plus-1", "minus-1"))
    check_length(Secret("12345678"), Bounds(8))
    assert refused(one_more, Secret("12345678"), Bounds(8)).code == "TOY"
    one_fewer(Secret("1234567"), Bounds(8))


def test_a_text_loses_its_last_character() -> None:
    assert refused(broken("toy.mutation.length/plain-cut"), Secret("12345678"), Bounds(8)).code == "TOY"


def test_a_refusal_has_another_status_or_another_code() -> None:
    short = (Secret(""), Bounds(8))
    other = refused(broken("toy.mutation.length/Toy-status"), *short)
    assert (other.status != 409, other.code) == (True, "TOY")
    other = refused(broken("toy.mutation.length/Toy-code"), *short)
    assert (other.status, other.code) == (409, "ZEBRA")


def test_yes_is_taken_for_no() -> None:
    assert refused(broken("toy.mutation.other/allowed-not"), allowed=True).code == "ZEBRA"
    assert broken("toy.mutation.lifetime/result-not")(Account(0, active=True), now=NOW) is False


@pytest.mark.parametrize(
    ("how", "ends", "live"),
    [
        ("now-plus-minute", NOW + MINUTE, False),
        ("now-minus-minute", NOW, True),
        ("account.ends-plus-minute", NOW, True),
        ("account.ends-minus-minute", NOW + MINUTE, False),
        ("account.ends-unseen", NOW - MINUTE, True),
    ],
)
def test_a_lifetime_is_a_minute_too_long_or_too_short_or_not_seen(how: str, ends: datetime, *, live: bool) -> None:
    account = Account(0, active=True, ends=ends)
    assert is_live(account, now=NOW) is not live
    assert broken(f"toy.mutation.lifetime/{how}")(account, now=NOW) is live


def test_somebody_is_not_seen() -> None:
    assert broken("toy.mutation.lifetime/account-unseen")(Account(0, active=True), now=NOW) is False


def test_one_field_stays_as_it_was() -> None:
    locked = Account(5, active=False)
    assert unlock(locked, Release.NEW) == Account(0, active=True)
    assert broken("toy.mutation.unlock/keeps-failures")(locked, Release.NEW) == Account(5, active=True)
    assert broken("toy.mutation.unlock/keeps-active")(locked, Release.NEW) == Account(0, active=False)


def test_a_release_is_taken_for_another_one() -> None:
    locked = Account(5, active=False)
    assert broken("toy.mutation.unlock/release-other")(locked, Release.OLD) == Account(0, active=True)


def test_a_rule_that_is_gone_leaves_what_holds_without_it() -> None:
    locked = Account(5, active=False)
    assert broken("toy.mutation.unlock/gone")(locked, Release.NEW) == locked
    assert broken("toy.mutation.lifetime/gone")(None, now=NOW) is True


@rule("toy.mutation.present", ASSUMED, "a toy")
def require_owner(owner: Account, other: Account, note: str | None, mark: str | None) -> None:  # as callers have it
    """An owner is active, and says something."""
    if not owner.active or note is None:
        raise Toy


def test_what_a_rule_does_not_read_is_not_falsified() -> None:
    hows = {one.id.partition("/")[2] for one in make_mutants(find_function("toy.mutation.present"))}
    assert {how for how in hows if not how.startswith(("Toy", "gone"))} == {"owner.active-not", "note-unseen"}


def _is_active(owner: Account) -> bool:
    return owner.active


@rule("toy.mutation.renewed", ASSUMED, "a toy", without=returns_argument("account"))
def renew(account: Account, *, now: datetime) -> Account:
    """What has an end gets another one, if it is active."""
    if not _is_active(account):
        return account
    return account if account.ends is None else replace(account, ends=now)


@rule("toy.mutation.everybody", ASSUMED, "a toy", without=returns_argument("page"))
def unlock_all(page: Sequence[Account]) -> Sequence[Account]:
    """All are unlocked."""
    return [replace(one, failures=0) for one in page]


def test_a_list_has_no_field_that_could_stay_as_it_was() -> None:
    hows = {one.id.partition("/")[2] for one in make_mutants(find_function("toy.mutation.everybody"))}
    assert hows == {"gone", "page-but-last", "result-but-last"}


def test_what_others_read_for_a_rule_is_falsified_and_what_it_hands_back_or_replaces_is_not() -> None:
    hows = {one.id.partition("/")[2] for one in make_mutants(find_function("toy.mutation.renewed"))}
    assert {how for how in hows if how.startswith("account.")} == {"account.active-not", "account.ends-unseen"}


def _refuse_idle(owner: Account) -> None:
    if not owner.active:
        raise Toy


def _find_refusal(owner: Account) -> Refusal | None:
    return None if owner.active else OtherToy()


def _is_idle(owner: Account) -> bool:
    try:
        _refuse_idle(owner)
    except Toy:
        return True
    return False


@rule("toy.mutation.shown", ASSUMED, "a toy", without=returns(()))
def leave_active(owners: tuple[Account, ...]) -> tuple[Account, ...]:
    """Idle ones are left out, and nobody is refused."""
    return tuple(one for one in owners if not _is_idle(one) and _find_refusal(one) is None)


@rule("toy.mutation.refused", ASSUMED, "a toy")
def refuse_twice(owner: Account) -> None:
    """An idle owner is refused by whoever sees it first."""
    if (refusal := _find_refusal(owner)) is not None:
        raise refusal
    _refuse_idle(owner)


@rule("toy.mutation.again", ASSUMED, "a toy")
def refuse_again(owner: Account, seen: list[Account]) -> None:
    """An idle owner is noted and refused."""
    try:
        _refuse_idle(owner)
    except Toy:
        seen.append(owner)
        raise


@pytest.mark.parametrize(
    ("rule_id", "told"),
    [
        ("toy.mutation.shown", set()),
        ("toy.mutation.refused", {"Toy", "OtherToy"}),
        ("toy.mutation.again", {"Toy"}),
    ],
)
def test_only_refusals_that_get_out_of_a_rule_are_disguised(rule_id: str, told: set[str]) -> None:
    hows = {one.id.partition("/")[2] for one in make_mutants(find_function(rule_id))}
    assert {how.removesuffix("-status") for how in hows if how.endswith("-status")} == told


@rule("toy.mutation.choice", ASSUMED, "a toy", without=returns(OtherToy))
def choose_refusal() -> type[Refusal]:
    """Strangers are refused as toys."""
    return Toy


def test_a_refusal_that_is_only_chosen_is_disguised_too() -> None:
    chosen = broken("toy.mutation.choice/Toy-status")()
    assert (chosen.status != 409, chosen.code) == (True, "TOY")


class CountedToy(Refusal):
    """A toy that says how many there were."""

    status, code = 409, "COUNTED_TOY"

    def __init__(self, *, number: int) -> None:
        super().__init__(f"{number} toys")
        self.number = number


@rule("toy.mutation.counted", ASSUMED, "a toy")
def refuse_counted(number: int) -> None:
    """
    Toys are counted.

    Raises:
        CountedToy: There are some.
    """
    raise CountedToy(number=number)


def test_a_refusal_that_is_made_of_something_keeps_it_in_disguise() -> None:
    with pytest.raises(CountedToy) as refused:
        broken("toy.mutation.counted/CountedToy-status")(7)
    assert (refused.value.status != 409, refused.value.number, str(refused.value)) == (True, 7, "7 toys")


@rule("toy.mutation.reported", ASSUMED, "a toy", reports=True)
def report_note(note: str) -> str | None:
    """A note is no zebra."""
    return note if note == "zebra" else None


def order(*rules: str) -> dict[str, CheckOrder]:
    """Make the order of an operation that checks these."""
    return {"toy.go": CheckOrder("go", tuple(Step(one, ASSUMED, "a toy") for one in rules))}


@pytest.mark.parametrize("note", ["zebra", ""])
def test_what_is_reported_is_answered_in_the_place_of_a_refusal_that_waited_for_it(note: str) -> None:
    (one,) = exchange_checks(order("toy.mutation.other", "toy.mutation.reported"))
    with recording(RuleRecord(one.alternatives)):
        check_other(allowed=False)
        with nullcontext() if note else pytest.raises(OtherToy):
            assert report_note(note) == note


def test_what_is_only_reported_has_no_order() -> None:
    assert not list(exchange_checks(order("toy.mutation.reported", "toy.mutation.other")))
    assert not list(exchange_checks(order("toy.mutation.renewed", "toy.mutation.other")))
    (one,) = exchange_checks(order("toy.mutation.other", "toy.mutation.length"))
    assert (one.id, one.operations) == ("toy.mutation.other/after-toy.mutation.length", ("toy.go",))


@rule("toy.mutation.marked", ASSUMED, "a toy", without=returns_argument("note"))
def count_toy(note: str) -> str | Toy:
    """A zebra is counted, so its refusal is returned."""
    return Toy() if note == "zebra" else note


@rule("toy.mutation.worn", ASSUMED, "a toy")
def refuse_worn(note: str) -> None:
    """
    A note is not worn.

    Raises:
        OtherToy: It is.
    """
    if "z" in note:
        raise OtherToy


@pytest.mark.parametrize(("note", "answered"), [("zebra", Toy), ("zoo", OtherToy)])
def test_of_two_faults_in_the_wrong_order_one_that_is_returned_is_answered_too(
    note: str, answered: type[Refusal]
) -> None:
    order = CheckOrder("go", tuple(Step(one, ASSUMED, "a toy") for one in ("toy.mutation.worn", "toy.mutation.marked")))
    (one,) = exchange_checks({"toy.go": order})
    with recording(RuleRecord(one.alternatives)):
        try:
            refuse_worn(note)
            said: object = count_toy(note)
        except Refusal as refusal:
            said = refusal
    assert type(said) is answered
