"""Sixty-four clients change one user's password at once, on the real server: their answers fit one order of events."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from tests.concurrency.linear import Attempt, objection
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


@pytest.mark.parametrize("hashing", ["fast", "owasp"], ids=["in place", "in threads"])
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
        heard, history = [first], list[Attempt]()

        def work(number: int) -> None:
            client = Client(served.port, "box")
            chance = Random(number)  # noqa: S311  # repeatable, not secret
            for turn in range(turns):
                # Mostly what is thought to be the present password, sometimes one of long ago.
                old = heard[-1] if chance.random() < 0.8 else chance.choice(heard)
                new = f"Lantern-{number}-moss-{turn}"
                sent_at = time.monotonic()
                succeeded = change(client, person, old, new)
                history.append(Attempt(old, new, sent_at, time.monotonic(), succeeded))
                if succeeded:
                    heard.append(new)
            client.close()

        threads = [Thread(target=work, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(history) == CLIENTS * turns
    assert len(heard) > 1
    assert objection(first, history) is None


def attempt(old: str, new: str, sent_at: float, answered_at: float, *, succeeded: bool = True) -> Attempt:
    return Attempt(old, new, sent_at, answered_at, succeeded)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([], id="nothing"),
        pytest.param([attempt("a", "b", 0, 1), attempt("b", "c", 2, 3)], id="one after the other"),
        pytest.param([attempt("a", "b", 0, 9), attempt("b", "c", 1, 2)], id="the first one is answered last"),
        pytest.param(
            [attempt("a", "b", 0, 9), attempt("a", "x", 1, 2, succeeded=False)], id="refused by a change under way"
        ),
        pytest.param(
            [attempt("a", "b", 0, 1), attempt("b", "x", 0.5, 3, succeeded=False)], id="refused since it came too early"
        ),
    ],
)
def test_a_history_that_fits(history: list[Attempt]) -> None:
    assert objection("a", history) is None


@pytest.mark.parametrize(
    ("history", "says"),
    [
        pytest.param([attempt("a", "b", 0, 1), attempt("a", "c", 0, 1)], "both replaced", id="two winners"),
        pytest.param([attempt("z", "b", 0, 1)], "never was", id="out of nowhere"),
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
def test_a_history_that_does_not_fit(history: list[Attempt], says: str) -> None:
    found = objection("a", history)
    assert found is not None
    assert says in found
