"""Password hashes, and how a whole history is judged with one of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import bcrypt
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import hash_secret_raw

from watchword.domain import digests
from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import DigestNeeded, Hasher, Profile, RequestHasher
from watchword.domain.recent_digests import REMEMBERED
from watchword.domain.secret import Secret

SALT = b"0123456789abcdef"
OTHER_SALT = b"fedcba9876543210"
FAST = Hasher(Profile.FAST)


@dataclass
class Count:
    """How often a function ran."""

    calls: int = 0


@contextmanager
def counted(function: Callable[..., object]) -> Iterator[Count]:
    """Watch this thread and count the calls of *function*, which is left as it is."""
    count = Count()

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        count.calls += event == "call" and frame.f_code is function.__code__

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield count
    finally:
        sys.setprofile(before)


def learn(stopped: DigestNeeded) -> None:
    """Compute what was asked for."""
    for one in stopped.pending:
        one.candidate.learn(one.settings, digests.computed(one.candidate.plain.reveal(), one.settings))


def hashed(plain: str, *, salt: bytes = SALT, hasher: Hasher = FAST) -> str:
    return hasher.candidate(Secret(plain)).hashed(salt=salt)


@pytest.mark.parametrize("profile", Profile)
def test_a_stored_hash_is_one_that_any_argon2_library_verifies(profile: Profile) -> None:
    stored = hashed("Correct-horse-7", hasher=Hasher(profile))
    assert PasswordHasher().verify(stored, "Correct-horse-7")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(stored, "correct-horse-7")


@pytest.mark.parametrize(
    ("profile", "parameters"),
    [
        (Profile.OWASP, "$argon2id$v=19$m=19456,t=2,p=1$"),
        (Profile.RFC9106, "$argon2id$v=19$m=65536,t=3,p=4$"),
        (Profile.FAST, "$argon2id$v=19$m=8,t=1,p=1$"),
    ],
)
def test_a_profile_costs_what_its_source_says(profile: Profile, parameters: str) -> None:
    assert hashed("Correct-horse-7", hasher=Hasher(profile)).startswith(parameters)


@pytest.mark.parametrize(
    ("settings", "long"),
    [
        (digests.settings(Profile.FAST.cost, SALT), False),
        (digests.settings(Profile.OWASP.cost, SALT), True),
        (digests.settings(Profile.RFC9106.cost, SALT), True),
        ("$2a$04$CCCCCCCCCCCCCCCCCCCCC.", True),
    ],
    ids=["fast", "owasp", "rfc9106", "bcrypt"],
)
def test_all_but_the_fast_hashes_are_worth_a_thread(settings: str, *, long: bool) -> None:
    assert digests.takes_long(settings) is long


def test_a_hash_of_another_library_verifies() -> None:
    foreign = PasswordHasher(time_cost=1, memory_cost=64, parallelism=2, salt_len=24).hash("Correct-horse-7")
    assert FAST.candidate(Secret("Correct-horse-7")).matches(foreign)
    assert not FAST.candidate(Secret("Correct-horse-8")).matches(foreign)


def test_a_password_matches_its_own_hash_alone() -> None:
    stored = hashed("Correct-horse-7")
    assert FAST.candidate(Secret("Correct-horse-7")).matches(stored)
    assert not FAST.candidate(Secret("Correct-horse-7 ")).matches(stored)
    assert not FAST.candidate(Secret("")).matches(stored)


def test_letters_outside_of_ascii_count_as_they_are() -> None:
    stored = hashed("pässwörd-Ω-🔑")
    assert FAST.candidate(Secret("pässwörd-Ω-🔑")).matches(stored)
    assert not FAST.candidate(Secret("password-Ω-🔑")).matches(stored)


def test_one_computation_judges_a_history_of_any_length() -> None:
    history = [hashed(f"Former-{number}") for number in range(25)]
    candidate = Hasher(Profile.FAST).candidate(Secret("Former-24"))
    with counted(hash_secret_raw) as computations:
        found = [candidate.matches(stored) for stored in history]
    assert found == [False] * 24 + [True]
    assert computations.calls == 1


def test_the_new_hash_of_a_judged_password_costs_no_second_computation() -> None:
    present = hashed("Former-1")
    candidate = Hasher(Profile.FAST).candidate(Secret("Fresh-1"))
    with counted(hash_secret_raw) as computations:
        assert not candidate.matches(present)
        candidate.hashed(like=present, salt=OTHER_SALT)
    assert computations.calls == 1


def test_every_salt_costs_a_computation_of_its_own() -> None:
    one_salt, another_salt = hashed("Former-1", salt=SALT), hashed("Former-1", salt=OTHER_SALT)
    candidate = Hasher(Profile.FAST).candidate(Secret("Fresh-1"))
    with counted(hash_secret_raw) as computations:
        candidate.matches(one_salt)
        candidate.matches(another_salt)
    assert computations.calls == 2


def test_who_logs_in_again_is_not_hashed_again() -> None:
    hasher = Hasher(Profile.FAST)
    stored = hashed("Former-1")
    with counted(hash_secret_raw) as computations:
        judged = [
            hasher.candidate(Secret(plain)).matches(stored) for plain in ("Former-1", "Wrong-1", "Former-1", "Wrong-1")
        ]
        assert hasher.candidate(Secret("Former-1")).hashed(like=stored, salt=OTHER_SALT) == stored
    assert judged == [True, False, True, False]
    assert computations.calls == 2


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    hasher = Hasher(Profile.FAST)
    stored = hashed("Former-1")
    assert hasher.candidate(Secret("Former-1")).matches(stored)
    for number in range(REMEMBERED):
        hasher.candidate(Secret("Former-1")).matches(stored)
        hasher.candidate(Secret(f"Wrong-{number}")).matches(stored)
    assert len(hasher.recent) == REMEMBERED
    with counted(hash_secret_raw) as computations:
        hasher.candidate(Secret("Former-1")).matches(stored)
        hasher.candidate(Secret(f"Wrong-{REMEMBERED - 1}")).matches(stored)
        assert computations.calls == 0
        hasher.candidate(Secret("Wrong-0")).matches(stored)
        assert computations.calls == 1


def test_no_password_is_remembered_and_every_server_has_a_key_of_its_own() -> None:
    one, other = Hasher(Profile.FAST), Hasher(Profile.FAST)
    one.candidate(Secret("Former-1")).hashed(salt=SALT)
    ((_, fingerprint),) = one.recent._digests
    assert fingerprint == one.recent.fingerprint(Secret("Former-1"))
    assert fingerprint != other.recent.fingerprint(Secret("Former-1"))
    assert len(fingerprint) == 16
    assert "Former-1" not in repr(one.recent._digests)


def test_in_a_request_what_takes_long_is_asked_for_and_known_the_next_time() -> None:
    stored = hashed("Former-1", hasher=Hasher(Profile.OWASP))
    hasher = RequestHasher(Hasher(Profile.OWASP))
    with counted(hash_secret_raw) as computations, pytest.raises(DigestNeeded) as stopped:
        hasher.candidate(Secret("Former-1")).matches(stored)
    assert computations.calls == 0
    learn(stopped.value)
    with counted(hash_secret_raw) as computations:
        assert hasher.candidate(Secret("Former-1")).matches(stored)
    assert computations.calls == 0


def test_in_a_request_what_takes_no_time_is_computed_at_once() -> None:
    assert RequestHasher(FAST).candidate(Secret("Former-1")).matches(hashed("Former-1"))


def test_whether_it_takes_long_is_told_by_the_stored_hash_and_not_by_the_profile() -> None:
    expensive = hashed("Former-1", hasher=Hasher(Profile.OWASP))
    with pytest.raises(DigestNeeded):
        RequestHasher(Hasher(Profile.FAST)).candidate(Secret("Former-1")).matches(expensive)


def test_a_new_hash_that_takes_long_is_asked_for_too() -> None:
    hasher = RequestHasher(Hasher(Profile.OWASP))
    with pytest.raises(DigestNeeded) as stopped:
        hasher.candidate(Secret("Fresh-1")).hashed(salt=SALT)
    learn(stopped.value)
    assert PasswordHasher().verify(hasher.candidate(Secret("Fresh-1")).hashed(salt=SALT), "Fresh-1")


def test_computing_in_parallel_asks_for_all_that_is_not_known_at_once() -> None:
    stored = hashed("Former-1", hasher=Hasher(Profile.OWASP))
    hasher = RequestHasher(Hasher(Profile.OWASP))
    candidates = old, new = hasher.candidate(Secret("Former-1")), hasher.candidate(Secret("Fresh-1"))
    with pytest.raises(DigestNeeded) as stopped:
        hasher.compute_in_parallel(*candidates, like=stored)
    assert [one.candidate for one in stopped.value.pending] == [old, new]
    learn(stopped.value)
    hasher.compute_in_parallel(*candidates, like=stored)
    assert (old.matches(stored), new.matches(stored)) == (True, False)


def test_what_is_asked_for_shows_no_password() -> None:
    with pytest.raises(DigestNeeded) as stopped:
        RequestHasher(Hasher(Profile.OWASP)).candidate(Secret("Correct-horse-7")).hashed(salt=SALT)
    assert "Correct" not in f"{stopped.value!r} {stopped.value} {stopped.value.pending!r}"


def test_a_new_hash_keeps_the_salt_of_the_present_one() -> None:
    present = hashed("Former-1")
    fresh = FAST.candidate(Secret("Fresh-1")).hashed(like=present, salt=OTHER_SALT)
    assert fresh.split("$")[4] == present.split("$")[4]
    assert fresh != present


def test_a_first_hash_takes_the_salt_it_is_given() -> None:
    assert FAST.candidate(Secret("Fresh-1")).hashed(salt=OTHER_SALT).split("$")[4] == "ZmVkY2JhOTg3NjU0MzIxMA"


def test_a_hash_of_another_profile_is_renewed_at_the_present_cost() -> None:
    cheap = hashed("Former-1")
    renewed = Hasher(Profile.OWASP).candidate(Secret("Former-1")).hashed(like=cheap, salt=OTHER_SALT)
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert renewed.split("$")[4] == cheap.split("$")[4]


def test_a_candidate_never_shows_its_password() -> None:
    candidate = FAST.candidate(Secret("Correct-horse-7"))
    shown = f"{candidate} {candidate!r} {[candidate]}"
    assert "Correct" not in shown
    assert repr(candidate) == "Candidate(***)"


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "Correct-horse-7",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$argon2i$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAA",
        "$argon2id$v=16$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAA",
        "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg",
        "$argon2id$v=19$m=64,t=1,p=1$abcde$AAAA",
        "$2b$03$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    ],
    ids=["nothing", "plain", "md5", "argon2i", "older version", "no digest", "half a salt", "bcrypt too cheap"],
)
def test_what_is_no_hash_is_refused(stored: str) -> None:
    with pytest.raises(InvalidHashError):
        FAST.candidate(Secret("Correct-horse-7")).matches(stored)


# bcrypt's own test vector, from the original paper's code.
VECTOR = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"


@pytest.mark.parametrize("version", ["2a", "2b", "2y"])
def test_a_bcrypt_hash_verifies(version: str) -> None:
    stored = VECTOR.replace("2a", version)
    assert FAST.candidate(Secret("U*U")).matches(stored)
    assert not FAST.candidate(Secret("U*V")).matches(stored)


def test_bcrypt_looks_at_72_bytes_as_its_older_libraries_did() -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert FAST.candidate(Secret("x" * 72 + "whatever")).matches(stored)
    assert not FAST.candidate(Secret("x" * 71 + "whatever")).matches(stored)


def test_the_bits_of_a_bcrypt_salt_that_do_not_count_are_ignored() -> None:
    # The last character of a salt is worth two bits: "." and "/" have the same two.
    assert FAST.candidate(Secret("U*U")).matches(VECTOR.replace("CCC.E5", "CCC/E5"))


def test_a_well_formed_bcrypt_hash_of_anything_is_a_mismatch_and_no_error() -> None:
    assert not FAST.candidate(Secret("U*U")).matches("$2a$04$" + "z" * 53)


@pytest.mark.parametrize("cost", ["04", "10", "14"])
def test_bearable_costs_of_bcrypt_are_well_formed(cost: str) -> None:
    assert is_bcrypt(VECTOR.replace("$05$", f"${cost}$"))


@pytest.mark.parametrize(
    "stored",
    [
        VECTOR.replace("$05$", "$03$"),
        VECTOR.replace("$05$", "$15$"),
        VECTOR.replace("$2a$", "$2$"),
        VECTOR[:-1],
        f"{VECTOR}\n",
        VECTOR.replace("C", "!"),
    ],
    ids=["too cheap", "too dear", "no version", "too short", "a line end", "no letter of it"],
)
def test_other_things_are_no_bcrypt_hash(stored: str) -> None:
    assert not is_bcrypt(stored)


def test_after_an_imported_bcrypt_hash_the_given_salt_is_taken() -> None:
    stored = FAST.candidate(Secret("Fresh-1")).hashed(like=VECTOR, salt=SALT)
    assert stored == hashed("Fresh-1", salt=SALT)
