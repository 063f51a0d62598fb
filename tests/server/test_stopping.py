"""A server that is asked to stop answers every request that it has taken, in the words of its system."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
import pytest

from tests.hostile.frames import connect_greedy
from tests.hostile.wire import Connection, ask, connect, head, whole
from tests.serving import Served, serving

MANY = 800
JSON = ("Content-Type", "application/json")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server with real hashes, of which it computes some tens in a second."""
    with serving(tmp_path, "--hashing", "owasp") as running:
        yield running


def test_requests_whose_hashes_are_queued_are_answered_503(served: Served) -> None:
    people = ask(served.port, whole("GET", "/__admin/people?system=zitadel")).json["people"]
    mini = next(one for one in people if one["name"] == "mini")
    with ExitStack() as stack:
        connections: list[Connection] = []
        for number in range(MANY):
            connection = stack.enter_context(connect(served.port))
            checks = {"user": {"loginName": mini["login"]}, "password": {"password": f"Wrong-{number}-wrong"}}
            sent = [*mini["headers"].items(), JSON, ("Watchword-Sandbox", f"box-{number}")]
            connection.send(whole("POST", "/v2/sessions", sent, orjson.dumps({"checks": checks})))
            connections.append(connection)
        # The server has taken all of them when it has answered one that came later and needs no hash.
        assert ask(served.port, whole("GET", "/__admin/health")).status == 200
        served.process.terminate()
        replies = [connection.reply() for connection in connections]
    assert {reply.headers["content-type"] for reply in replies} == {"application/json"}
    stopped = [reply for reply in replies if reply.status == 503]
    assert stopped, "the test needs more hashes than the server computes in time"
    assert {reply.json["code"] for reply in stopped} == {14}
    assert {reply.status for reply in replies} <= {400, 503}
    assert served.process.wait(20) == 0


def test_a_request_whose_body_has_not_arrived_is_answered_503(served: Served) -> None:
    with connect(served.port) as connection:
        connection.send(head("POST", "/v2/sessions", [JSON, ("Content-Length", "100")]))
        time.sleep(0.5)
        served.process.terminate()
        reply = connection.reply()
    assert (reply.status, reply.json["code"]) == (503, 14)
    assert served.process.wait(10) == 0


def test_requests_over_http_2_are_answered_503_too(served: Served) -> None:
    client = connect_greedy(served.port, 65535)
    headers = {"content-type": "application/json", "content-length": "100"}
    streams = [client.ask("/v2/sessions", "POST", end=False, headers=headers) for _ in range(3)]
    client.flush()
    time.sleep(0.5)
    served.process.terminate()
    assert client.answers(3) == dict.fromkeys(streams, 503)
    client.close()
    assert served.process.wait(10) == 0


STOPPED = """
import asyncio, signal
from watchword.server.listening import listen
from watchword.server.run import run

async def settle():
    await asyncio.sleep(0)
    print("settled", flush=True)

run(None, listen("127.0.0.1", 0), on_ready=lambda: signal.raise_signal(signal.SIGTERM), after_requests=settle)
print("stopped", flush=True)
"""


def test_what_is_to_be_done_after_the_requests_is_done_before_it_has_stopped() -> None:
    ended = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, check=True, text=True)  # noqa: S603
    assert ended.stdout.split() == ["settled", "stopped"]
