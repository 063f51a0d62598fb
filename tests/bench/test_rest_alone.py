"""The server that the protocols are compared with."""

import http.client
import os
from contextlib import closing
from pathlib import Path

from tests.bench.processes import serving
from tests.bench.protocols import REST_ALONE
from tests.bench.targets import environment


def ask_for_health(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/__admin/health")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_it_serves_rest(tmp_path: Path) -> None:
    core = min(os.sched_getaffinity(0))
    with (
        serving(REST_ALONE.command, core, tmp_path, environment=environment(), first=ask_for_health) as server,
        closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection,
    ):
        assert ask_for_health(connection) == http.client.OK
