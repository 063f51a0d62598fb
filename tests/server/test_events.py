"""A stream of events over real connections: as things happen, and until the server stops."""

from pathlib import Path

import httpx
import pytest

from tests.serving import serving


def test_events_come_while_the_stream_is_open_and_it_ends_whole_when_the_server_stops(tmp_path: Path) -> None:
    with serving(tmp_path) as served, httpx.stream("GET", f"{served.url}/__admin/events", timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        httpx.post(f"{served.url}/multi/passwords/validate", json={})
        assert next(line for line in lines if line.startswith("event")) == "event: request"
        httpx.put(f"{served.url}/__admin/clock", json={"action": "freeze"})
        assert next(line for line in lines if line.startswith("event")) == "event: sandbox"
        served.process.terminate()
        assert "event" not in "".join(lines), "an end that is not whole raises"
        assert served.process.wait(10) == 0


@pytest.mark.parametrize("hangs_up", [True, False])
def test_a_client_that_hangs_up_disturbs_nobody(tmp_path: Path, *, hangs_up: bool) -> None:
    with serving(tmp_path) as served:
        with httpx.stream("GET", f"{served.url}/__admin/events", timeout=20) as stream:
            if hangs_up:
                next(stream.iter_lines())
        assert httpx.post(f"{served.url}/multi/passwords/validate", json={}).status_code == 400
        served.process.terminate()
        assert served.process.wait(10) == 0
        assert '"error"' not in served.log.read_text()
