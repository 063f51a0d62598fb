"""Connections that break on purpose, over HTTP/1.1 and HTTP/2, and clients that try again."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import h2.events
import h2.exceptions
import httpx
import pytest

from tests.rpc.test_http2 import connect
from tests.serving import Served, serving

CUTS = ("EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE", "CONNECTION_RESET_BY_PEER")
HEALTH = "/__admin/health"
CLIENTS = Path(__file__).parents[1] / "rpc"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), "--seed", "7") as running:
        yield running


def raw(served: Served, prefer: str) -> tuple[bytes, bool]:
    """Send one request over HTTP/1.1; return what came, and whether the connection was reset."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as sock:
        sock.sendall(f"GET {HEALTH} HTTP/1.1\r\nHost: localhost\r\nPrefer: {prefer}\r\n\r\n".encode())
        received = b""
        try:
            while data := sock.recv(65536):
                received += data
        except ConnectionResetError:
            return received, True
        return received, False


def test_an_empty_answer_is_a_closed_connection(served: Served) -> None:
    assert raw(served, "fault=EMPTY_RESPONSE") == (b"", False)


def test_a_malformed_chunk_follows_the_head_of_a_good_answer(served: Served) -> None:
    received, reset = raw(served, "fault=MALFORMED_RESPONSE_CHUNK")
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding: chunked" in head
    assert (len(body), reset) == (64, False)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{served.url}{HEALTH}", headers={"Prefer": "fault=MALFORMED_RESPONSE_CHUNK"})


def test_random_data_are_no_answer(served: Served) -> None:
    received, reset = raw(served, "fault=RANDOM_DATA_THEN_CLOSE")
    assert (len(received), reset) == (64, False)
    assert not received.startswith(b"HTTP")


def test_a_reset_connection_is_reset(served: Served) -> None:
    assert raw(served, "fault=CONNECTION_RESET_BY_PEER") == (b"", True)


@pytest.mark.parametrize("cut", CUTS)
def test_a_broken_connection_is_one_line_in_the_log_and_no_error(served: Served, cut: str) -> None:
    before = len(served.log.read_bytes())
    raw(served, f"fault={cut}")
    with connect(served) as client, suppress(AssertionError, h2.exceptions.ProtocolError, OSError):
        client.wait(h2.events.StreamReset, client.begin("GET", HEALTH, prefer=f"fault={cut}"))
    httpx.get(f"{served.url}{HEALTH}")
    lines = served.log.read_text()[before:].splitlines()
    assert len([one for one in lines if cut in one and '"status":0' in one.replace(" ", "")]) == 2, lines
    assert not [one for one in lines if "rror" in one or "Traceback" in one]


@pytest.mark.parametrize("cut", ["EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK"])
def test_over_http2_a_stream_is_reset_and_its_neighbours_are_not(served: Served, cut: str) -> None:
    with connect(served) as client:
        slow = client.begin("GET", HEALTH, prefer="delay=100")
        broken = client.begin("GET", HEALTH, prefer=f"fault={cut}")
        assert client.wait(h2.events.StreamReset, broken).error_code == 2
        heads = [one for one in client.seen if isinstance(one, h2.events.ResponseReceived) and one.stream_id == broken]
        assert len(heads) == (1 if cut == "MALFORMED_RESPONSE_CHUNK" else 0)
        assert client.status(slow) == 200
        assert client.status(client.begin("GET", HEALTH)) == 200


@pytest.mark.parametrize("cut", ["RANDOM_DATA_THEN_CLOSE", "CONNECTION_RESET_BY_PEER"])
def test_over_http2_a_broken_connection_takes_all_of_its_streams_along(served: Served, cut: str) -> None:
    with connect(served) as client:
        waiting = client.begin("GET", f"{HEALTH}", prefer="delay=600000")
        client.begin("GET", HEALTH, prefer=f"fault={cut}")
        with pytest.raises((AssertionError, h2.exceptions.ProtocolError, ConnectionResetError)) as ended:
            client.status(waiting)
        assert isinstance(ended.value, ConnectionResetError) is (cut == "CONNECTION_RESET_BY_PEER")
    assert httpx.get(f"{served.url}{HEALTH}").status_code == 200


def test_a_connection_goes_on_after_an_answer_that_a_fault_replaced(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        assert client.get("/__admin/clock", headers={"Prefer": "code=200, delay=1"}).status_code == 200
        assert client.get(HEALTH).status_code == 200


@contextmanager
def ada_at(served: Served, sandbox: str, attempts: int = 4) -> Iterator["Ada"]:
    """Ada's client in a sandbox."""
    found = Ada(served, sandbox, attempts)
    with closing(found.client):
        yield found


class Ada:
    """Somebody who signs in with httpx, which tries again after what a server may do."""

    def __init__(self, served: Served, sandbox: str, attempts: int) -> None:
        self.client = httpx.Client(
            base_url=f"{served.url}/~{sandbox}", transport=Retrying(attempts), timeout=httpx.Timeout(10)
        )
        people = self.client.get("/__admin/people?system=weavr_multi").json()["people"]
        self.person: dict[str, Any] = next(one for one in people if one["name"] == "ada")

    def arm(self, **plan: Any) -> str:
        answer = self.client.post("/__admin/faults", json=plan)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def log_in(self, password: str | None = None) -> httpx.Response:
        body = {"email": self.person["login"], "password": {"value": password or self.person["password"]}}
        return self.client.post("/multi/login_with_password", json=body, headers=self.person["headers"])

    def update(self, new: str) -> httpx.Response:
        body = {"oldPassword": {"value": self.person["password"]}, "newPassword": {"value": new}}
        return self.client.post("/multi/passwords/update", json=body, headers=self.person["headers"])

    def hits(self, fault: str) -> int:
        return int(self.client.get(f"/__admin/faults/{fault}").json()["hits"])


class Retrying(httpx.BaseTransport):
    """Sends a request again if the connection broke or the service was unavailable."""

    def __init__(self, attempts: int) -> None:
        self._attempts, self._inner = attempts, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for left in reversed(range(self._attempts)):
            try:
                answer = self._inner.handle_request(request)
                answer.read()
            except httpx.TransportError:
                if not left:
                    raise
                continue
            if answer.status_code != 503 or not left:
                return answer
        raise AssertionError

    def close(self) -> None:
        self._inner.close()


@pytest.mark.parametrize("cut", CUTS)
def test_httpx_tries_again_after_a_broken_connection(served: Served, cut: str) -> None:
    with ada_at(served, f"httpx-{cut}") as ada:
        fault = ada.arm(match={"operation": "weavr_multi.login_with_password"}, times=2, fault={"connection": cut})
        assert ada.log_in().status_code == 200
        assert ada.hits(fault) == 2


def test_httpx_tries_again_while_the_service_is_unavailable(served: Served) -> None:
    with ada_at(served, "httpx-503") as ada:
        fault = ada.arm(match={"person": "ada", "system": "weavr_multi"}, times=3, fault={"answer": {"status": 503}})
        assert ada.log_in().status_code == 200
        assert ada.hits(fault) == 3


def test_a_retry_of_an_update_whose_answer_was_lost_is_told_that_the_old_password_is_wrong(served: Served) -> None:
    with ada_at(served, "httpx-lost") as ada:
        match = {"operation": "weavr_multi.update_password"}
        ada.arm(match=match, times=1, when="after", fault={"connection": "EMPTY_RESPONSE"})
        assert ada.update("Quiet-river-42").status_code == 409
        assert ada.log_in("Quiet-river-42").status_code == 200


def test_a_client_that_waits_too_short_gives_up_and_the_request_is_handled_all_the_same(served: Served) -> None:
    with ada_at(served, "httpx-slow", attempts=1) as ada:
        match = {"operation": "weavr_multi.update_password"}
        ada.arm(match=match, when="after", fault={"delay": {"fixed": "PT10M"}})
        ada.client.timeout = httpx.Timeout(0.3)
        with pytest.raises(httpx.ReadTimeout):
            ada.update("Quiet-river-42")
        ada.client.timeout = httpx.Timeout(10)
        assert ada.log_in("Quiet-river-42").status_code == 200


def test_a_server_stops_although_a_fault_delays_an_answer(tmp_path: Path) -> None:
    with serving(tmp_path) as running, socket.create_connection(("127.0.0.1", running.port), timeout=20) as sock:
        sock.sendall(f"GET {HEALTH} HTTP/1.1\r\nHost: localhost\r\nPrefer: delay=600000\r\n\r\n".encode())
        httpx.get(f"{running.url}{HEALTH}")
        running.process.terminate()
        assert running.process.wait(20) == 0


def test_faults_and_their_counters_outlive_the_server(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with serving(tmp_path, "--data", data) as running, ada_at(running, "box", attempts=1) as ada:
        fault = ada.arm(match={"person": "ada", "system": "weavr_multi"}, times=2, fault={"answer": {"status": 503}})
        assert ada.log_in().status_code == 503
    with serving(tmp_path, "--data", data) as running, ada_at(running, "box", attempts=1) as ada:
        assert [ada.log_in().status_code for _ in range(2)] == [503, 200]
        assert ada.hits(fault) == 2
        assert ada.client.post("/__admin/reset").status_code == 200
        assert ada.client.get("/__admin/faults").json() == {"faults": []}


def test_a_request_over_http2_is_met_as_over_http1(served: Served) -> None:
    with ada_at(served, "h2") as ada:
        ada.arm(match={"path": "/v2/sessions"}, times=1, fault={"rpc": {"code": "UNAVAILABLE"}})
    with connect(served) as client:
        statuses = [client.status(client.begin("POST", "/~h2/v2/sessions")) for _ in range(2)]
    assert statuses == [503, 401]


AXIOS, SPRING = "axios-retry", "Spring's RestClient"


def log_in_with(client: str, ada: "Ada", url: str) -> dict[str, int]:
    """Let a client that retries sign Ada in; tell the last status, and how often it tried again."""
    if client == AXIOS:
        command, where, installed = ["node", "axios_retry.mjs"], CLIENTS / "node", "node_modules/axios-retry"
    else:
        command, where, installed = ["java", "-cp", "lib/*", "SpringRetry.java"], CLIENTS / "java", "lib/.ready"
    if not (where / installed).exists():
        pytest.skip(f"make clients installs {client}")
    person = ada.person
    arguments = (url, person["headers"]["api-key"], person["login"], person["password"])
    ended = subprocess.run([*command, *arguments], cwd=where, capture_output=True, check=True)  # noqa: S603
    found: dict[str, int] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("fault", ["503", *CUTS])
@pytest.mark.parametrize("client", [AXIOS, SPRING])
def test_a_client_tries_again_until_the_fault_is_spent(served: Served, client: str, fault: str) -> None:
    sandbox = f"{client[:5]}-{fault}"
    effect = {"answer": {"status": fault}} if fault == "503" else {"connection": fault}
    with ada_at(served, sandbox) as ada:
        armed = ada.arm(match={"operation": "weavr_multi.login_with_password"}, times=2, fault=effect)
        assert log_in_with(client, ada, f"{served.url}/~{sandbox}") == {"status": 200, "retries": 2}
        assert ada.hits(armed) == 2


@pytest.mark.parametrize("client", [AXIOS, SPRING])
def test_a_client_gives_up_when_a_fault_lasts(served: Served, client: str) -> None:
    sandbox = f"{client[:5]}-lasting"
    with ada_at(served, sandbox) as ada:
        ada.arm(match={"person": "ada", "system": "weavr_multi"}, fault={"answer": {"status": 503}})
        assert log_in_with(client, ada, f"{served.url}/~{sandbox}") == {"status": 503, "retries": 3}
