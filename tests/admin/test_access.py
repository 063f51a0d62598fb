"""Who may use the control API."""

import pytest

from tests.conftest import START, Api, Observed
from watchword.admin.access import Access
from watchword.admin.errors import NotLocal, TokenRequired
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret

TOKEN = "a-token-of-the-tests"
FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in FORWARDED[:3]
            for value in ("192.0.2.1", "127.0.0.1, 192.0.2.1", "unknown", "2001:db8::1")
        ),
        ("forwarded", "for=192.0.2.1"),
        ("forwarded", 'for=127.0.0.1, For="[2001:db8::1]:4711"'),
        ("forwarded", "for=127.0.0.1;host=evil.example"),
        ("forwarded", "for=_hidden"),
    ],
)
def test_a_client_of_another_machine_does_not_pass_through_a_proxy_on_this_one(name: str, value: str) -> None:
    with pytest.raises(NotLocal, match=f"header {name}"):
        Access()("127.0.0.1", {"host": "localhost", name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-forwarded-for", "127.0.0.1, ::1"),
        ("x-forwarded-host", "localhost:3000"),
        ("x-real-ip", "::ffff:127.0.0.1"),
        ("forwarded", 'for="[::1]:4711";proto=http;host=localhost'),
    ],
)
def test_a_client_of_this_machine_passes_through_a_proxy_on_it(name: str, value: str) -> None:
    Access()("127.0.0.1", {"host": "localhost", name: value})


@pytest.mark.parametrize("name", FORWARDED)
def test_no_header_makes_a_client_local(name: str) -> None:
    value = "for=127.0.0.1" if name == "forwarded" else "127.0.0.1"
    with pytest.raises(NotLocal, match="its own machine"):
        Access()("192.0.2.1", {"host": "localhost", name: value})


@pytest.mark.parametrize("client", [None, "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_clients_of_this_machine_pass(client: str | None) -> None:
    Access()(client, {"host": "localhost:7070"})


@pytest.mark.parametrize("client", ["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "2001:db8::1", "", "localhost.evil"])
def test_clients_of_other_machines_do_not(client: str) -> None:
    with pytest.raises(NotLocal, match="its own machine"):
        Access()(client, {"host": "localhost:7070"})


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7070", "localhost.", "app.localhost:7070", "127.0.0.1:7070", "[::1]:7070", "[::1]"]
)
def test_hosts_may_be_names_of_this_machine(host: str) -> None:
    Access()("127.0.0.1", {"host": host})


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:7070", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1", ""),
        *("localhost,evil.example", "evil.example@localhost.evil", "[", "0.0.0.0", "[::]", "2130706433"),  # noqa: S104  # a header, nothing is bound
    ],
)
def test_a_foreign_host_is_refused_because_its_name_may_have_been_pointed_here(host: str) -> None:
    with pytest.raises(NotLocal, match="header Host"):
        Access()("127.0.0.1", {"host": host})


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:5173"])
def test_pages_of_this_machine_pass(origin: str) -> None:
    Access()("127.0.0.1", {"host": "localhost", "origin": origin})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://localhost.evil.example", "http://["])
def test_pages_of_others_do_not(origin: str) -> None:
    with pytest.raises(NotLocal, match="header Origin"):
        Access()("127.0.0.1", {"host": "localhost", "origin": origin})


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": f"bearer {TOKEN}"},
        {"watchword-admin-token": TOKEN},
        {"watchword-admin-token": TOKEN, "authorization": "Basic eDp5"},
    ],
)
def test_with_a_token_whoever_sends_it_passes_from_anywhere(headers: dict[str, str]) -> None:
    Access(Secret(TOKEN))("192.0.2.1", {"host": "evil.example", "origin": "https://evil.example", **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": TOKEN},
        {"watchword-admin-token": f"{TOKEN}x"},
        {"watchword-admin-token": "ü"},
    ],
)
def test_with_a_token_nobody_passes_without_it(headers: dict[str, str]) -> None:
    with pytest.raises(TokenRequired):
        Access(Secret(TOKEN))("127.0.0.1", {"host": "localhost", **headers})


def test_an_empty_token_is_none() -> None:
    """A variable that is set to nothing must not open the door with an empty credential."""
    with pytest.raises(NotLocal):
        Access(Secret(""))("192.0.2.1", {"authorization": "Bearer "})


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(Access(Secret(TOKEN)))


def test_a_foreign_host_is_answered_403_as_the_document_says(api: Api) -> None:
    answer = api.request("POST", "/__admin/reset", headers={"Host": "evil.example"})
    assert (answer.status, answer.body["code"]) == (403, "not-local")
    assert "--admin-token" in answer.body["detail"]


def test_access_is_judged_before_the_body_is_read(api: Api) -> None:
    answer = api.request(
        "PUT", "/__admin/clock", content=b"{", headers={"Host": "evil.example", "content-length": "9" * 9}
    )
    assert answer.status == 403


def test_the_imitated_systems_are_open_to_everybody(api: Api) -> None:
    answer = api.request("POST", "/v2/sessions", json={}, headers={"Host": "evil.example"})
    assert answer.status == 401


def test_a_missing_token_is_answered_401_as_the_document_says(api: Api) -> None:
    observed = Observed()
    built = build(
        Options(hashing=Profile.FAST, wall_clock=lambda: START, observers=(observed,), admin_token=Secret(TOKEN))
    )
    guarded = Api(built, api.runner, "guarded")
    refused = guarded.request("GET", "/__admin/health")
    assert (refused.status, refused.body["code"]) == (401, "token-required")
    assert refused.headers["www-authenticate"] == 'Bearer realm="watchword"'
    assert guarded.request("GET", "/__admin/health", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert guarded.request("GET", "/__admin/openapi.json").status == 200, "how to authenticate is no secret"
    assert not [violation for _, _, found in observed.seen for violation in found]


def test_a_switched_off_control_api_is_not_there(api: Api) -> None:
    without = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, admin=False)), api.runner, None)
    for path in ("/__admin", "/__admin/health", "/__admin/openapi.json", "/__admin/spec"):
        answer = without.request("GET", path)
        assert answer.status == 404
        assert "--disable-admin-api" in answer.body["detail"]
