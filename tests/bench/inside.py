"""
``python -m tests.bench.inside WHAT ...``: measurements inside of one process; prints JSON.

``hashes PROFILE SECONDS``, ``sandboxes COUNT ...``, ``fork RECORDS``, ``store USERS FILL_SECONDS ROUNDS``.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from statistics import median
from typing import Any

from tests.bench.processes import resident
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.sandbox.fork import fork_in_memory
from watchword.store import Store
from watchword.systems.weavr.records import CredentialType, Password, User

_AT_LEAST = 5
_SALT = b"sixteen bytes..."
_CHUNK = 500
_SAMPLES = 40
_ASKED = 100
"""How many users are read, in stores of any size."""
_PROGRAMME = "bench"
_PERSON = "weavr_multi", "ada"


def hashes(profile: str, seconds: str) -> dict[str, float]:
    """Time single computations of Argon2id for some seconds, at least five."""
    hasher = Hasher(Profile(profile))
    took: list[float] = []
    hasher.candidate(Secret("warm")).make_hash(salt=_SALT)
    deadline = time.perf_counter() + float(seconds)
    while len(took) < _AT_LEAST or time.perf_counter() < deadline:
        candidate = hasher.candidate(Secret(f"candidate-{len(took)}"))
        took.append(_timed(lambda one=candidate: one.make_hash(salt=_SALT)))  # type: ignore[misc]  # bound at once
    return {"milliseconds": median(took) * 1000, "computations": len(took)}


def sandboxes(*counts: str) -> list[dict[str, float]]:
    """
    Create sandboxes and change one person in each, and measure time and memory.

    Sandboxes share their seed data until they change it, so an unchanged one would cost almost nothing.
    """
    served_api = imitated_api(Options(hashing=Profile.FAST, max_sandboxes=10**9))
    person = next(one.id for one in served_api.sandboxes.people("first") if (one.system, one.name) == _PERSON)
    before = resident(os.getpid())
    found: list[dict[str, float]] = []
    making = changing = 0.0
    number = 0
    for count in map(int, counts):
        for name in (f"bench-{one}" for one in range(number, count)):
            making += _timed(lambda one=name: served_api.sandboxes.enter(one))  # type: ignore[misc]  # bound at once
            changing += _timed(lambda one=name: _fail(served_api.sandboxes.enter(one).store, person))  # type: ignore[misc]
        number, grown = count, resident(os.getpid()) - before
        found.append(
            {
                "count": count,
                "making": making * 1000 / count,
                "changing": changing * 1000 / count,
                "kib": grown * 1024 / count,
            }
        )
    return found


def _fail(changed: Store, person: str) -> None:
    transaction = changed.transaction()
    user = transaction.get(User, person)
    assert user is not None
    transaction.put(replace(user, failures=user.failures + 1))
    transaction.commit()


def fork(records: str) -> dict[str, float]:
    """Copy a sandbox that has written *records* of its own into memory, over and over."""
    served_api = imitated_api(Options(hashing=Profile.FAST))
    sandbox = served_api.sandboxes.enter("bench")
    transaction = sandbox.store.transaction()
    for number in range(int(records)):
        transaction.put(_user(number))
    sandbox.commit(transaction, system=_PERSON[0], now=sandbox.clock.now())
    took = [_timed(lambda: fork_in_memory(sandbox)) for _ in range(_ASKED)]
    return {"milliseconds": median(took) * 1000}


def store(users: str, fill_seconds: str, rounds: str) -> dict[str, Any]:
    """Fill the store of a sandbox with users, then read and write single users."""
    filled, reason = _filled(int(users), float(fill_seconds))
    if reason:
        return {"reason": reason}
    size = int(users)
    asked = cycle([size * number // _ASKED for number in range(_ASKED)])
    anyone, added = iter(range(0, 10**9, 7919)), iter(range(size, 10**9))
    operations: dict[str, Callable[[], object]] = {
        "get": lambda: filled.transaction().get(User, str(next(asked))),
        "find": lambda: filled.transaction().find(User, programme_id=_PROGRAMME, email=_email(next(asked))),
        "replace": lambda: _put(filled, replace(_user(next(asked)), failures=1)),
        "add": lambda: _put(filled, _user(next(added))),
        "get anyone": lambda: filled.transaction().get(User, str(next(anyone) % size)),
    }
    took: dict[str, list[float]] = {name: [] for name in operations}
    for _ in range(int(rounds)):
        for name, operation in operations.items():
            times = [_timed(lambda: _repeated(operation)) for _ in range(_SAMPLES)]  # noqa: B023  # called at once
            took[name].append(median(times) * 1e6 / _ASKED)
    return took


def _repeated(operation: Callable[[], object]) -> None:
    for _ in range(_ASKED):
        operation()


def _filled(size: int, seconds: float) -> tuple[Store, str]:
    filled, deadline = Store(), time.perf_counter() + seconds
    for start in range(0, size, _CHUNK):
        if time.perf_counter() > deadline:
            return filled, f"{start} of {size} users were stored in {seconds:.0f} seconds"
        transaction = filled.transaction()
        for number in range(start, min(start + _CHUNK, size)):
            transaction.put(_user(number))
        transaction.commit()
    return filled, ""


def _user(number: int) -> User:
    phc = f"$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcy4uLg${number:043}"
    password = Password(phc, datetime(2026, 1, 1, tzinfo=UTC), former=(phc,) * 5)
    return User(str(number), _PROGRAMME, str(number), CredentialType.ROOT, _email(number), password=password)


def _email(number: int) -> str:
    return f"user-{number}@multi.example"


def _put(filled: Store, user: User) -> None:
    transaction = filled.transaction()
    transaction.put(user)
    transaction.commit()


def _timed(operation: Callable[[], object]) -> float:
    began = time.perf_counter()
    operation()
    return time.perf_counter() - began


def main() -> None:
    """Run the measurement that the arguments name."""
    what, *arguments = sys.argv[1:]
    measurements: dict[str, Callable[..., Any]] = {
        "hashes": hashes,
        "sandboxes": sandboxes,
        "fork": fork,
        "store": store,
    }
    json.dump(measurements[what](*arguments), sys.stdout)


if __name__ == "__main__":
    main()
