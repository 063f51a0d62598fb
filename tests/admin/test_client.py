"""The client for tests of front ends, as the control API serves it; ``tests/frontend`` runs it."""

from pathlib import Path

import pytest

import watchword.admin
from tests.conftest import START, Api
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret

STATIC = Path(watchword.admin.__file__).parent / "static"


@pytest.mark.parametrize(
    ("operation", "name", "kind"),
    [
        pytest.param("admin.client", "client.mjs", "text/javascript", marks=outcome("admin.client", 200, "module")),
        pytest.param(
            "admin.client_types",
            "client.d.mts",
            "application/typescript",
            marks=outcome("admin.client_types", 200, "types"),
        ),
    ],
)
def test_the_client_and_its_types_are_served(api: Api, operation: str, name: str, kind: str) -> None:
    answer = api.call(operation)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.content == (STATIC / name).read_bytes()


def test_a_page_on_this_machine_may_import_the_client_and_another_may_not(api: Api) -> None:
    local = api.request("GET", "/__admin/client.mjs", headers={"Origin": "http://localhost:5173"})
    assert (local.status, local.headers["access-control-allow-origin"]) == (200, "http://localhost:5173")
    assert api.request("GET", "/__admin/client.mjs", headers={"Origin": "https://site.example"}).status == 403


def test_a_server_with_a_token_wants_it_for_the_client_too(api: Api) -> None:
    options = Options(hashing=Profile.FAST, wall_clock=lambda: START, admin_token=Secret("for-this-test"))
    closed = Api(build(options), api.runner, None)
    assert closed.request("GET", "/__admin/client.mjs").status == 401
    sent = {"Authorization": "Bearer for-this-test"}
    assert closed.request("GET", "/__admin/client.mjs", headers=sent).status == 200


def test_the_client_names_every_system(api: Api) -> None:
    """A type that lacks one would refuse it in TypeScript."""
    text = (STATIC / "client.mjs").read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in api.built.imitated.systems)
