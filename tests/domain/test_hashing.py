"""Password hashes, and the comparison of one password with a whole history."""

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
from watchword.domain.digest_cache import CAPACITY
from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import DigestNeeded, Hasher, Profile, RequestHasher
from watchword.domain.secret import Secret

SALT = b"0123456789abcdef"
OTHER_SALT = b"fedcba9876543210"
FAST = Hasher(Profile.FAST)


@dataclass
class Count:
    """How often a function was called."""

    calls: int = 0


@contextmanager
def count_calls(function: Callable[..., object]) -> Iterator[Count]:
    """Count the calls of *function* in this thread, with a profiler: nothing is patched."""
    count = Count()

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        count.calls += event == "call" and frame.f_code is function.__code__

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield count
    finally:
        sys.setprofile(before)


def compute(needed: DigestNeeded) -> None:
    """Compute the digests that are needed."""
    for one in needed.pending:
        one.candidate.learn(one.parameters, digests.compute_digest(one.candidate.plain.reveal(), one.parameters))


def make_hash(plain: str, *, salt: bytes = SALT, hasher: Hasher = FAST) -> str:
    return hasher.candidate(Secret(plain)).make_hash(salt=salt)


@pytest.mark.parametrize("profile", Profile)
def test_another_argon2_library_verifies_a_stored_hash(profile: Profile) -> None:
    stored = make_hash("Correct-horse-7", hasher=Hasher(profile))
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
def test_a_profile_has_the_cost_that_its_source_states(profile: Profile, parameters: str) -> None:
    assert make_hash("Correct-horse-7", hasher=Hasher(profile)).startswith(parameters)


@pytest.mark.parametrize(
    ("parameters", "long"),
    [
        (digests.argon2id_parameters(Profile.FAST.cost, SALT), False),
        (digests.argon2id_parameters(Profile.OWASP.cost, SALT), True),
        (digests.argon2id_parameters(Profile.RFC9106.cost, SALT), True),
        ("$2a$04$CCCCCCCCCCCCCCCCCCCCC.", True),
    ],
    ids=["fast", "owasp", "rfc9106", "bcrypt"],
)
def test_all_hashes_but_the_fast_ones_take_long(parameters: str, *, long: bool) -> None:
    assert digests.takes_long(parameters) is long


def test_a_hash_of_another_library_matches() -> None:
    foreign = PasswordHasher(time_cost=1, memory_cost=64, parallelism=2, salt_len=24).hash("Correct-horse-7")
    assert FAST.candidate(Secret("Correct-horse-7")).matches(foreign)
    assert not FAST.candidate(Secret("Correct-horse-8")).matches(foreign)


def test_a_password_matches_only_its_own_hash() -> None:
    stored = make_hash("Correct-horse-7")
    assert FAST.candidate(Secret("Correct-horse-7")).matches(stored)
    assert not FAST.candidate(Secret("Correct-horse-7 ")).matches(stored)
    assert not FAST.candidate(Secret("")).matches(stored)


def test_characters_outside_of_ascii_are_hashed_unchanged() -> None:
    stored = make_hash("pässwörd-Ω-🔑")
    assert FAST.candidate(Secret("pässwörd-Ω-🔑")).matches(stored)
    assert not FAST.candidate(Secret("password-Ω-🔑")).matches(stored)


def test_one_computation_is_enough_for_a_history_of_any_length() -> None:
    history = [make_hash(f"Former-{number}") for number in range(25)]
    candidate = Hasher(Profile.FAST).candidate(Secret("Former-24"))
    with count_calls(hash_secret_raw) as computations:
        found = [candidate.matches(stored) for stored in history]
    assert found == [False] * 24 + [True]
    assert computations.calls == 1


def test_a_new_hash_with_the_same_salt_needs_no_second_computation() -> None:
    present = make_hash("Former-1")
    candidate = Hasher(Profile.FAST).candidate(Secret("Fresh-1"))
    with count_calls(hash_secret_raw) as computations:
        assert not candidate.matches(present)
        candidate.make_hash(share_salt_with=present, salt=OTHER_SALT)
    assert computations.calls == 1


def test_every_salt_needs_its_own_computation() -> None:
    one_salt, another_salt = make_hash("Former-1", salt=SALT), make_hash("Former-1", salt=OTHER_SALT)
    candidate = Hasher(Profile.FAST).candidate(Secret("Fresh-1"))
    with count_calls(hash_secret_raw) as computations:
        candidate.matches(one_salt)
        candidate.matches(another_salt)
    assert computations.calls == 2


def test_a_password_that_was_compared_before_is_not_hashed_again() -> None:
    hasher = Hasher(Profile.FAST)
    stored = make_hash("Former-1")
    with count_calls(hash_secret_raw) as computations:
        judged = [
            hasher.candidate(Secret(plain)).matches(stored) for plain in ("Former-1", "Wrong-1", "Former-1", "Wrong-1")
        ]
        assert hasher.candidate(Secret("Former-1")).make_hash(share_salt_with=stored, salt=OTHER_SALT) == stored
    assert judged == [True, False, True, False]
    assert computations.calls == 2


def test_a_full_cache_drops_the_least_recently_used_digest() -> None:
    hasher = Hasher(Profile.FAST)
    stored = make_hash("Former-1")
    assert hasher.candidate(Secret("Former-1")).matches(stored)
    for number in range(CAPACITY):
        hasher.candidate(Secret("Former-1")).matches(stored)
        hasher.candidate(Secret(f"Wrong-{number}")).matches(stored)
    assert len(hasher.cache) == CAPACITY
    with count_calls(hash_secret_raw) as computations:
        hasher.candidate(Secret("Former-1")).matches(stored)
        hasher.candidate(Secret(f"Wrong-{CAPACITY - 1}")).matches(stored)
        assert computations.calls == 0
        hasher.candidate(Secret("Wrong-0")).matches(stored)
        assert computations.calls == 1


def test_the_cache_stores_no_password_and_every_cache_has_its_own_key() -> None:
    one, other = Hasher(Profile.FAST), Hasher(Profile.FAST)
    one.candidate(Secret("Former-1")).make_hash(salt=SALT)
    ((_, fingerprint),) = one.cache._digests
    assert fingerprint == one.cache.fingerprint(Secret("Former-1"))
    assert fingerprint != other.cache.fingerprint(Secret("Former-1"))
    assert len(fingerprint) == 16
    assert "Former-1" not in repr(one.cache._digests)


def test_a_request_asks_for_an_expensive_digest_and_knows_it_afterwards() -> None:
    stored = make_hash("Former-1", hasher=Hasher(Profile.OWASP))
    hasher = RequestHasher(Hasher(Profile.OWASP))
    with count_calls(hash_secret_raw) as computations, pytest.raises(DigestNeeded) as needed:
        hasher.candidate(Secret("Former-1")).matches(stored)
    assert computations.calls == 0
    compute(needed.value)
    with count_calls(hash_secret_raw) as computations:
        assert hasher.candidate(Secret("Former-1")).matches(stored)
    assert computations.calls == 0


def test_a_request_computes_a_cheap_digest_at_once() -> None:
    assert RequestHasher(FAST).candidate(Secret("Former-1")).matches(make_hash("Former-1"))


def test_the_stored_hash_decides_whether_its_digest_is_expensive() -> None:
    expensive = make_hash("Former-1", hasher=Hasher(Profile.OWASP))
    with pytest.raises(DigestNeeded):
        RequestHasher(Hasher(Profile.FAST)).candidate(Secret("Former-1")).matches(expensive)


def test_a_request_asks_for_the_digest_of_an_expensive_new_hash() -> None:
    hasher = RequestHasher(Hasher(Profile.OWASP))
    with pytest.raises(DigestNeeded) as needed:
        hasher.candidate(Secret("Fresh-1")).make_hash(salt=SALT)
    compute(needed.value)
    assert PasswordHasher().verify(hasher.candidate(Secret("Fresh-1")).make_hash(salt=SALT), "Fresh-1")


def test_computing_in_parallel_asks_for_all_unknown_digests_at_once() -> None:
    stored = make_hash("Former-1", hasher=Hasher(Profile.OWASP))
    hasher = RequestHasher(Hasher(Profile.OWASP))
    candidates = old, new = hasher.candidate(Secret("Former-1")), hasher.candidate(Secret("Fresh-1"))
    with pytest.raises(DigestNeeded) as needed:
        hasher.compute_in_parallel(*candidates, stored=stored)
    assert [one.candidate for one in needed.value.pending] == [old, new]
    compute(needed.value)
    hasher.compute_in_parallel(*candidates, stored=stored)
    assert (old.matches(stored), new.matches(stored)) == (True, False)


def test_a_pending_digest_shows_no_password() -> None:
    with pytest.raises(DigestNeeded) as needed:
        RequestHasher(Hasher(Profile.OWASP)).candidate(Secret("Correct-horse-7")).make_hash(salt=SALT)
    assert "Correct" not in f"{needed.value!r} {needed.value} {needed.value.pending!r}"


def test_a_new_hash_has_the_salt_of_the_present_one() -> None:
    present = make_hash("Former-1")
    fresh = FAST.candidate(Secret("Fresh-1")).make_hash(share_salt_with=present, salt=OTHER_SALT)
    assert fresh.split("$")[4] == present.split("$")[4]
    assert fresh != present


def test_a_first_hash_has_the_given_salt() -> None:
    assert FAST.candidate(Secret("Fresh-1")).make_hash(salt=OTHER_SALT).split("$")[4] == "ZmVkY2JhOTg3NjU0MzIxMA"


def test_a_new_hash_has_the_cost_of_the_present_profile() -> None:
    cheap = make_hash("Former-1")
    renewed = Hasher(Profile.OWASP).candidate(Secret("Former-1")).make_hash(share_salt_with=cheap, salt=OTHER_SALT)
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
    ids=[
        "empty",
        "plain text",
        "md5",
        "argon2i",
        "older version",
        "no digest",
        "truncated salt",
        "bcrypt cost too low",
    ],
)
def test_a_text_that_is_not_a_supported_hash_is_refused(stored: str) -> None:
    with pytest.raises(InvalidHashError):
        FAST.candidate(Secret("Correct-horse-7")).matches(stored)


# bcrypt's own test vector, from the original paper's code.
VECTOR = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"


@pytest.mark.parametrize("version", ["2a", "2b", "2y"])
def test_a_bcrypt_hash_matches(version: str) -> None:
    stored = VECTOR.replace("2a", version)
    assert FAST.candidate(Secret("U*U")).matches(stored)
    assert not FAST.candidate(Secret("U*V")).matches(stored)


def test_bcrypt_reads_72_bytes_as_its_older_libraries_did() -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert FAST.candidate(Secret("x" * 72 + "whatever")).matches(stored)
    assert not FAST.candidate(Secret("x" * 71 + "whatever")).matches(stored)


def test_unused_bits_of_a_bcrypt_salt_are_ignored() -> None:
    # Only two bits of the last character of a salt count: "." and "/" have the same two.
    assert FAST.candidate(Secret("U*U")).matches(VECTOR.replace("CCC.E5", "CCC/E5"))


def test_a_well_formed_bcrypt_hash_of_an_unknown_password_does_not_match() -> None:
    assert not FAST.candidate(Secret("U*U")).matches("$2a$04$" + "z" * 53)


@pytest.mark.parametrize("cost", ["04", "10", "14"])
def test_bcrypt_costs_from_4_to_14_are_accepted(cost: str) -> None:
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
    ids=["cost too low", "cost too high", "no version", "too short", "line end", "invalid character"],
)
def test_malformed_bcrypt_hashes_are_not_accepted(stored: str) -> None:
    assert not is_bcrypt(stored)


def test_a_new_hash_after_a_bcrypt_hash_has_the_given_salt() -> None:
    stored = FAST.candidate(Secret("Fresh-1")).make_hash(share_salt_with=VECTOR, salt=SALT)
    assert stored == make_hash("Fresh-1", salt=SALT)
