"""Sixty-four clients change the password of one user on the real server: their answers fit one order of events."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from tests.concurrency.linear import Attempt, find_contradiction
from tests.serving import serving
from tests.soak.client import Client, people
from watchword.system.seed_data import Person

CLIENTS, TURNS = 64, 6
Change = Callable[[Client, Person, str, str], bool]


def weavr(client: Client, person: Person, old: str, new: str) -> bool:
    """Change a password at Weavr."""
    body = {"oldPassword": {"value": old}, "newPassword": {"value": new}}
    reply = client("POST", "/passwords/update", body, person.headers)
    assert reply is not None
    assert reply.status in (200, 409), reply
    return reply.status == 200


def zitadel(client: Client, person: Person, old: str, new: str) -> bool:
    """Change a password at ZITADEL."""
    body = {"newPassword": {"password": new}, "currentPassword": old}
    reply = client("POST", f"/v2/users/{person.id}/password", body, person.headers)
    assert reply is not None
    assert reply.status in (200, 400), reply
    return reply.status == 200


@pytest.mark.parametrize("hashing", ["fast", "owasp"], ids=["at once", "in threads"])
@pytest.mark.parametrize(
    ("system", "name", "change"),
    [("weavr_multi", "ada", weavr), ("zitadel", "mini", zitadel)],
    ids=["Weavr", "ZITADEL"],
)
def test_the_answers_to_many_clients_fit_one_order_of_events(
    tmp_path: Path, system: str, name: str, change: Change, hashing: str
) -> None:
    turns = TURNS if hashing == "fast" else 1
    with serving(tmp_path, "--data", str(tmp_path / "data"), "--hashing", hashing) as served:
        person = people(served.port)[system, name]
        first = str(person.password)
        known, history = [first], list[Attempt]()

        def work(number: int) -> None:
            client = Client(served.port, "box", patience_seconds=None)
            chance = Random(number)  # noqa: S311  # repeatable, not secret
            for turn in range(turns):
                # Usually the latest known password, sometimes an earlier one.
                old = known[-1] if chance.random() < 0.8 else chance.choice(known)
                new = f"Lantern-{number}-moss-{turn}"
                sent_at = time.monotonic()
                succeeded = change(client, person, old, new)
                history.append(Attempt(old, new, sent_at, time.monotonic(), succeeded))
                if succeeded:
                    known.append(new)
            client.close()

        threads = [Thread(target=work, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(history) == CLIENTS * turns
    assert len(known) > 1
    assert find_contradiction(first, history) is None


def attempt(old: str, new: str, sent_at: float, answered_at: float, *, succeeded: bool = True) -> Attempt:
    return Attempt(old, new, sent_at, answered_at, succeeded)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([], id="empty"),
        pytest.param([attempt("a", "b", 0, 1), attempt("b", "c", 2, 3)], id="one after the other"),
        pytest.param([attempt("a", "b", 0, 9), attempt("b", "c", 1, 2)], id="the first is answered last"),
        pytest.param(
            [attempt("a", "b", 0, 9), attempt("a", "x", 1, 2, succeeded=False)], id="refused during a running change"
        ),
        pytest.param(
            [attempt("a", "b", 0, 1), attempt("b", "x", 0.5, 3, succeeded=False)], id="refused before the change"
        ),
    ],
)
def test_a_history_without_a_contradiction(history: list[Attempt]) -> None:
    assert find_contradiction("a", history) is None


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        pytest.param(
            [attempt("a", "b", 0, 1), attempt("a", "c", 0, 1)], "both replaced", id="one password changed twice"
        ),
        pytest.param([attempt("z", "b", 0, 1)], "never was", id="from an unknown password"),
        pytest.param([attempt("b", "c", 0, 1), attempt("a", "b", 2, 3)], "before", id="effect before cause"),
        pytest.param([attempt("a", "x", 0, 1, succeeded=False)], "all the while", id="refused without a reason"),
        pytest.param(
            [attempt("a", "b", 0, 1), attempt("b", "x", 2, 3, succeeded=False), attempt("b", "c", 4, 5)],
            "before",
            id="refused before the change that would explain it",
        ),
        pytest.param(
            [attempt("a", "b", 0, 1), attempt("b", "a2", 2, 3), attempt("a2", "x", 4, 5, succeeded=False)],
            "all the while",
            id="a lost update",
        ),
    ],
)
def test_a_history_with_a_contradiction(history: list[Attempt], reason: str) -> None:
    found = find_contradiction("a", history)
    assert found is not None
    assert reason in found
