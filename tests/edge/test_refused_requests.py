"""A request that is refused before it has a sandbox is logged too."""

import pytest

from tests.toy import ask
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.edge.access_log import AccessLogEntry


@pytest.mark.parametrize(
    ("method", "path", "headers", "line"),
    [
        ("GET", "/v2/nothing", {"Watchword-Sandbox": "-"}, "GET /v2/nothing 400"),
        ("GET", "/~-/passwords/update", {}, "GET /*/passwords/update 400"),
        ("GET", "/~full/x", {}, "GET /*/x 503"),
        ("GET", "/__admin/clock", {}, "GET /__admin/clock 404"),
        ("G\x1bT", "/v2/nothing", {"Watchword-Sandbox": "-"}, "* /v2/nothing 400"),
    ],
    ids=["bad name", "bad name in the path", "too many sandboxes", "no control API", "unusual method"],
)
def test_a_refused_request_is_logged_without_values(method: str, path: str, headers: dict[str, str], line: str) -> None:
    entries: list[AccessLogEntry] = []
    built = build(Options(hashing=Profile.FAST, log=entries.append, max_sandboxes=1, admin=False))
    built.imitated.sandboxes.create("default")
    ask(built.app, method, path, headers=headers)
    assert [(str(one), one.sandbox) for one in entries] == [(line, "-")]
