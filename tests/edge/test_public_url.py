"""Where clients find the server."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conftest import START, Api
from tests.serving import serving
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.edge.exchange import Exchange
from watchword.edge.pages import ReferencePages
from watchword.edge.public_url import is_trusted, read_proxy, read_public_url, server_url, under_prefix

TRUSTED = (read_proxy("127.0.0.1"),)


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"host": "a.example:7070"}, "http://a.example:7070"),
        ({"host": "a.example", "x-forwarded-proto": "https"}, "https://a.example"),
        ({"host": "inner", "x-forwarded-host": "b.example, inner", "x-forwarded-proto": "https,http"}, "https://b.example"),
        ({"host": "a.example", "x-forwarded-prefix": "/watchword/"}, "http://a.example/watchword"),
        ({"host": "a.example", "x-forwarded-host": "[::1]:8443"}, "http://[::1]:8443"),
        ({"host": "a.example", "x-forwarded-proto": "javascript"}, "http://a.example"),
        ({"host": "a.example", "x-forwarded-host": "b.example/x?y"}, "http://a.example"),
        ({"host": "a.example", "x-forwarded-prefix": "//b.example"}, "http://a.example"),
    ],
)  # fmt: skip
def test_a_trusted_proxy_tells_the_address_that_its_client_used(headers: Mapping[str, str], url: str) -> None:
    assert server_url("http", headers, forwarded=True) == url
    assert server_url("http", headers) == f"http://{headers['host']}"


@pytest.mark.parametrize(("flags", "issuer"), [
    ((), "{url}/~box"),
    (("--trust-proxy", "192.0.2.0/24"), "{url}/~box"),
    (("--trust-proxy", "192.0.2.1", "--trust-proxy", "127.0.0.1"), "https://test.example/watchword/~box"),
])  # fmt: skip
def test_forwarded_headers_count_from_a_trusted_proxy_only_over_every_version_of_http(
    tmp_path: Path, flags: Sequence[str], issuer: str
) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "test.example", "X-Forwarded-Prefix": "/watchword"}
    with serving(tmp_path, *flags) as server:
        issuers = []
        for http1 in (True, False):
            with httpx.Client(http1=http1, http2=not http1) as client:
                answer = client.get(f"{server.url}/~box/.well-known/openid-configuration", headers=headers)
            assert answer.http_version == ("HTTP/1.1" if http1 else "HTTP/2")
            issuers.append(answer.json()["issuer"])
    assert issuers == [issuer.format(url=server.url)] * 2


@pytest.mark.parametrize(
    ("client", "trusted"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("11.1.2.3", False),
        ("2001:db8::1", True),
        (None, True),
        ("x", False),
    ],
)
def test_a_proxy_is_known_by_its_address_or_its_network(client: str | None, trusted: bool) -> None:  # noqa: FBT001
    proxies = [read_proxy("10.0.0.0/8"), read_proxy("2001:db8::1")]
    assert is_trusted(client, proxies) is trusted
    assert not is_trusted(client, ())


def behind(api: Api, url: str) -> Api:
    options = Options(hashing=Profile.FAST, wall_clock=lambda: START, public_url=read_public_url(url))
    return Api(build(options), api.runner, None)


def test_a_public_url_wins_over_what_requests_tell(api: Api) -> None:
    proxied = behind(api, "https://test.example/watchword/")
    headers = {"host": "inner:7070", "x-forwarded-host": "elsewhere.example"}
    found = proxied.request("GET", "/~box/.well-known/openid-configuration", headers=headers).body
    assert found["issuer"] == "https://test.example/watchword/~box"
    assert found["token_endpoint"].startswith("https://test.example/watchword/~box/")


@pytest.mark.parametrize("path", ["/openapi.json", "/__admin/openapi.json", "/openapi.json?system=weavr_multi"])
def test_the_documents_of_a_server_behind_a_prefix_have_it_in_their_servers(api: Api, path: str) -> None:
    document = behind(api, "https://test.example/watchword").request("GET", path).body
    places = [document, *document["paths"].values()]
    servers = [one["url"] for place in places for one in place.get("servers", ())]
    assert servers
    assert all(one == "/watchword" or one.startswith("/watchword/") for one in servers)
    assert api.request("GET", path).body["servers"] != document["servers"]


SHOP = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths: {/carts: {get: {responses: {204: {description: Empty.}}}}}
"""


@pytest.fixture
def with_shop(api: Api, tmp_path: Path) -> Api:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return Api(
        build(Options(hashing=Profile.FAST, wall_clock=lambda: START, documents={"shop": file}, proxies=TRUSTED)),
        api.runner,
        None,
    )


@pytest.mark.parametrize("page", ["openapi.json", "openapi.yaml", "openapi.json?system=weavr_multi",
                                  "openapi.json?system=shop", "__admin/openapi.json", "__admin/openapi.yaml",
                                  "__admin/spec"])  # fmt: skip
@pytest.mark.parametrize(("sandbox", "headers", "prefix"), [
    ("", {}, ""),
    ("", {"x-forwarded-prefix": "/watchword"}, "/watchword"),
    ("/~box", {}, "/~box"),
    ("/~box", {"x-forwarded-prefix": "/a/b/"}, "/a/b/~box"),
    ("", {"host": "a.example/elsewhere?x"}, ""),
    ("", {"x-forwarded-prefix": "//b.example"}, ""),
])  # fmt: skip
def test_the_servers_of_a_document_are_where_the_client_found_it(
    with_shop: Api, page: str, sandbox: str, headers: Mapping[str, str], prefix: str
) -> None:
    answer = with_shop.request("GET", f"{sandbox}/{page}", headers=headers)
    document = yaml.safe_load(answer.content)
    own = f"{prefix}/shop" if "shop" in page else prefix or "/"
    assert document["servers"][0]["url"] == own
    plain = with_shop.request("GET", f"/{page}")
    assert yaml.safe_load(plain.content)["servers"][0]["url"] == ("/shop" if "shop" in page else "/")


def test_clients_do_not_choose_how_many_documents_are_kept(built: Built) -> None:
    pages = ReferencePages(built.imitated, built.admin)
    sandbox = built.imitated.sandboxes.enter("default")

    async def read(prefix: str) -> None:
        root = f"http://a.example{prefix}"
        await pages(Exchange(built.imitated, sandbox, method="GET", path="/__admin/spec", headers={}, root_url=root))

    async def read_many() -> None:
        for number in range(200):
            await read(f"/p{number}")

    asyncio.run(read_many())
    assert len(pages._made) <= 64


@pytest.mark.parametrize(("sandbox", "headers", "prefix"), [
    ("", {}, ""),
    ("", {"x-forwarded-prefix": "/watchword"}, "/watchword"),
    ("/~box", {"x-forwarded-prefix": "/watchword"}, "/watchword/~box"),
])  # fmt: skip
def test_a_new_sandbox_is_where_the_client_finds_it(
    api: Api, sandbox: str, headers: Mapping[str, str], prefix: str
) -> None:
    options = Options(hashing=Profile.FAST, wall_clock=lambda: START, proxies=TRUSTED)
    client = Api(build(options), api.runner, None)
    created = client.request("POST", f"{sandbox}/__admin/sandboxes", json={}, headers=headers)
    location = created.headers["location"]
    assert location == f"{prefix}/__admin/sandboxes/{created.body['name']}"
    assert client.request("GET", location.removeprefix("/watchword")).body["name"] == created.body["name"]


def test_a_new_sandbox_is_behind_the_proxy_that_clients_use(api: Api) -> None:
    created = behind(api, "https://test.example/watchword").request("POST", "/__admin/sandboxes", json={"name": "new"})
    assert created.headers["location"] == "/watchword/__admin/sandboxes/new"


@pytest.mark.parametrize("path", ["/~box", "/~box?x=1"])
def test_the_start_page_of_a_sandbox_has_a_slash_at_its_end_so_that_its_links_stay_there(api: Api, path: str) -> None:
    client = Api(api.built, api.runner, None)
    answer = client.request("GET", path)
    assert (answer.status, answer.headers["location"]) == (302, "~box/")
    assert client.request("POST", path).status == 405


def test_a_prefix_stands_before_the_servers_of_paths_too() -> None:
    document: dict[str, Any] = {"servers": [{"url": "/"}], "paths": {"/a": {"servers": [{"url": "/v1"}]}, "/b": {}}}
    assert under_prefix("/x", document) == {
        "servers": [{"url": "/x"}],
        "paths": {"/a": {"servers": [{"url": "/x/v1"}]}, "/b": {}},
    }


@pytest.mark.parametrize(
    "text", ["test.example", "ftp://a.example", "http://", "http://a b", "http://a/?x", "http://a/#x", "http://u@a", "http://a:99999"]
)  # fmt: skip
def test_an_address_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an address such as https://test.example/watchword"):
        read_public_url(text)


def test_a_slash_at_the_end_of_an_address_is_left_out() -> None:
    assert read_public_url("http://a.example:8080/") == "http://a.example:8080"


def test_only_paths_of_this_server_get_a_prefix() -> None:
    servers = [{"url": "/v1"}, {"url": "https://api.example/v9"}, {"url": "//api.example/v9"}]
    document = {"servers": servers, "paths": {"/x": {"servers": servers, "get": {"servers": servers}}, "x-note": 1}}
    moved = under_prefix("/watchword", document)
    urls = ["/watchword/v1", "https://api.example/v9", "//api.example/v9"]
    for part in (moved, moved["paths"]["/x"], moved["paths"]["/x"]["get"]):
        assert [one["url"] for one in part["servers"]] == urls
    assert moved["paths"]["x-note"] == 1
