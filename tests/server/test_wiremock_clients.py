"""WireMock's own clients, unmodified, each in a sandbox that its address names."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from wiremock.client import NearMissMatchPatternRequest, Requests
from wiremock.constants import Config
from wiremock.exceptions import InvalidInputException
from wiremock.resources.near_misses.resource import NearMisses

from tests.serving import Served, serving

JAVA = Path(__file__).parents[1] / "rpc" / "java"
LOG_IN = "/multi/login_with_password"
PASSWORD = "Wrong-Secret-42"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), "--seed", "7") as running:
        yield running


def send(served: Served, sandbox: str) -> None:
    """Send a log-in that is refused; then, to the same sandbox and to another, something that has no operation."""
    body = {"email": "ada@example.com", "password": {"value": PASSWORD}}
    httpx.post(f"{served.url}/~{sandbox}{LOG_IN}", json=body)
    for one in (sandbox, f"{sandbox}-other"):
        httpx.get(f"{served.url}/~{one}/nowhere")


def test_python(served: Served) -> None:
    send(served, "python")
    Config.base_url = f"{served.url}/~python/__admin"
    everything = Requests.get_all_received_requests()
    assert [one.request.url for one in everything.requests] == ["/nowhere", LOG_IN]
    assert everything.requests[1].request.absolute_url == f"{served.url}/~python{LOG_IN}"
    assert (everything.meta.total, everything.request_journal_disabled) == (2, False)
    login = NearMissMatchPatternRequest(
        method="POST", url=LOG_IN, body_patterns=[{"matchesJsonPath": "$.password.value"}, {"contains": "@"}]
    )
    assert Requests.get_matching_request_count(login).count == 1
    (found,) = Requests.get_matching_requests(login).requests
    assert (found.method, PASSWORD in found.body) == ("POST", False)
    assert [one.url for one in Requests.get_unmatched_requests().requests] == ["/nowhere"]
    near = NearMisses.find_nearest_misses_by_request_pattern(NearMissMatchPatternRequest(method="POST", url="/login"))
    assert near.near_misses[0].request.url == LOG_IN
    with pytest.raises(InvalidInputException, match="clientIp is not supported"):
        Requests.get_matching_requests(NearMissMatchPatternRequest(client_ip="127.0.0.1"))
    Requests.reset_request_journal()
    assert Requests.get_all_received_requests().requests == []
    Config.base_url = f"{served.url}/~python-other/__admin"
    assert len(Requests.get_all_received_requests().requests) == 1


def test_java(served: Served) -> None:
    if shutil.which("java") is None or not list((JAVA / "lib").glob("wiremock-standalone-*.jar")):
        pytest.skip("make clients installs WireMock's client for Java")
    send(served, "java")
    command = ["java", "-cp", "lib/*", "WireMockClient.java", "127.0.0.1", str(served.port), "/~java"]
    ended = subprocess.run(command, cwd=JAVA, capture_output=True, check=False)  # noqa: S603
    assert ended.returncode == 0, ended.stderr.decode()
    assert json.loads(ended.stdout) == {
        "told": True,
        "near": 2,
        "unsupported": True,
        "events": 2,
        "body": True,
        "unmatched": "/nowhere",
        "left": 1,
        "reset": 0,
    }
