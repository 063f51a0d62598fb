"""Before ourselves, which is right by definition, random walks through the proxy find nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import pytest

from tests.proxy.conftest import NewProxy
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios.conftest import read_written
from tests.serving import Served, serving
from watchword.build import Built
from watchword.contract.examination import Examination
from watchword.contract.oracle import private_oracle
from watchword.contract.subjects import SUBJECTS
from watchword.contract.walks import walk
from watchword.domain.rule import Grade
from watchword.systems.weavr.nonces import SANDBOX_CODE

HOOKS = """
[hooks.reset]
request = "POST /__admin/reset"
[hooks.clock]
request = "PUT /__admin/clock"
body = '{"action": "advance", "by": "PT{seconds}S"}'
"""
BEGINNINGS = {"weavr_multi": f'[server]\ncode = "{SANDBOX_CODE}"\nfailed_log_ins = 50\n'}
"""What the bindings begin with; other systems draw their codes at random."""

WALKS, STEPS = 60, 350
"""Random walks of each system, and how many requests have to be compared in them."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of our own."""
    with serving(tmp_path_factory.mktemp("ourselves")) as served:
        yield served


def write_bindings(system: str, around: Built) -> str:
    """Bind the seed people to the roles that they play."""
    cast = SUBJECTS[system].cast(around.imitated.sandboxes.people())
    keys = dict.fromkeys(one.known["key"] for one in cast.values() if "key" in one.known)
    names = {key: f"key-{number}" for number, key in enumerate(keys)}
    lines = [BEGINNINGS.get(system, "[server]\nfailed_log_ins = 50\n"), "[keys]"]
    lines += [f"{name} = {orjson.dumps(key).decode()}" for key, name in names.items()]
    for role, persona in cast.items():
        lines.append(f"[people.{role}]")
        for word, text in persona.known.items():
            lines.append(f"{word} = {orjson.dumps(names[text] if word == 'key' else text).decode()}")
    return "\n".join([*lines, HOOKS])


@pytest.fixture(params=["weavr_multi", "zitadel", "entrust"])
def client(
    request: pytest.FixtureRequest, new_proxy: NewProxy, around: Built, served: Served, tmp_path: Path
) -> Iterator[Through]:
    """A client of it behind a proxy with a shadow."""
    system: str = request.param
    bindings = read_written(write_bindings(system, around), system, tmp_path)
    with shadowing(new_proxy, system, served.url, bindings) as client:
        client.proxied.sandbox = "default"  # the one that the hooks are for
        yield client


def test_walks_find_nothing(client: Through) -> None:
    shadow, today = client.shadow, date(2026, 1, 15)
    with private_oracle(shadow.subject, tuned=shadow.bindings.settings) as oracle:
        run = Examination(oracle, client, "", Grade.ASSUMED, [], today, timedelta(), lambda _line: None)
        walk(run, walks=WALKS, random_seed=1)
    assert (client.found, run.findings) == ([], [])
    assert client.compared.number > STEPS
    assert not [one for one in client.compared.not_compared if "defect" in one]


@pytest.mark.parametrize("client", ["entrust"], indirect=True)
def test_moments_are_compared_once_both_know_when_something_was_done(client: Through, served: Served) -> None:
    client.begin()
    people = client.personas
    path = f"/api/web/v1/users/{people['member'].known['id']}/passwords"
    known = people["administrator"].known
    log_in = {"applicationId": known["id"], "sharedSecret": known["secret"]}
    token = client.proxied.request("POST", "/api/web/v1/adminapi/authenticate", json=log_in).json()["authToken"]
    headers = {"Authorization": token}

    def expire(after: timedelta) -> None:
        told = {"expiryTime": (datetime.now(UTC) + after).isoformat()}
        assert httpx.put(f"{served.url}{path}", json=told, headers=headers).is_success

    expire(timedelta(days=20))
    assert client.proxied.request("GET", path, headers=headers).is_success
    assert [one.message for one in client.found] == []
    new = {"password": "Quiet-River-42!"}
    assert client.proxied.request("PUT", path, json=new, headers=headers).is_success
    expire(timedelta(days=30))
    client.proxied.request("GET", path, headers=headers)
    assert [one.pointer.rpartition("/")[2] for one in client.found] == ["expiryNotificationDate"]
