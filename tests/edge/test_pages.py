"""The start page, the reference and the served documents."""

import asyncio
import html
import re
from pathlib import Path
from urllib.parse import urljoin

import orjson
import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.conftest import START, Api
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.edge.exchange import Exchange
from watchword.edge.pages import ReferencePages
from watchword.sandbox import DEFAULT
from watchword.system import Answer

OVERLAY = """
overlay: 1.0.0
info: {title: One more operation, version: "1"}
actions:
  - target: $.paths
    update:
      /v2/users/{userId}/totp:
        post:
          tags: [zitadel]
          parameters: [{name: userId, in: path, required: true, schema: {type: string}}]
          responses: {"200": {description: Begun.}}
"""


ACME = """
overlay: 1.0.0
actions:
  - target: $.tags
    update: {name: acme, x-displayName: Acme Accounts}
  - target: $.paths
    update: {/acme/reset: {post: {operationId: acme.reset, tags: [acme], responses: {204: {description: Done.}}}}}
"""


@pytest.mark.parametrize("path", ["/openapi.json", "/__admin/openapi.json", "/__admin/spec"])
def test_documents_are_served_as_json(api: Api, path: str) -> None:
    answer = api.request("GET", path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.body["openapi"] == "3.0.3"
    assert list(OpenAPIV30SpecValidator(answer.body).iter_errors()) == []


@pytest.mark.parametrize("path", ["/openapi", "/__admin/openapi"])
def test_documents_are_served_as_yaml_that_says_the_same_without_anchors(api: Api, path: str) -> None:
    answer = api.request("GET", f"{path}.yaml")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/yaml")
    assert yaml.safe_load(answer.content) == api.request("GET", f"{path}.json").body
    assert not re.search(rb"[:-] [&*]id\d+", answer.content)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_one_system_is_served_alone(api: Api, form: str) -> None:
    answer = api.request("GET", f"/openapi.{form}?system=zitadel")
    document = answer.body if form == "json" else yaml.safe_load(answer.content)
    assert document["info"]["title"] == "Watchword: ZITADEL"
    assert {
        tag for item in document["paths"].values() for one in item.values() if "tags" in one for tag in one["tags"]
    } == {"zitadel"}


def test_an_unknown_system_is_404_with_the_names_of_those_that_exist(api: Api) -> None:
    answer = api.request("GET", "/openapi.json?system=zitadl")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.body["detail"] == (
        "There is no such system. There are: weavr_multi, weavr_payment_run, zitadel, entrust."
    )


def test_a_system_that_begins_as_an_overlay_has_its_name_everywhere(api: Api, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(ACME)
    begun = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay])), api.runner, None)
    alone = begun.request("GET", "/openapi.json?system=acme").body
    assert (alone["info"]["title"], list(alone["paths"])) == ("Watchword: Acme Accounts", ["/acme/reset"])
    assert "<td>Acme Accounts</td><td>1</td>" in begun.request("GET", "/").content.decode()
    assert "Acme Accounts" in begun.request("GET", "/docs/").content.decode()
    assert begun.request("GET", "/openapi.json?system=acne").body["detail"].endswith("entrust, acme.")
    answer = begun.request("POST", "/acme/reset")
    assert (answer.status, answer.headers["watchword-answer"]) == (204, "example")


def test_a_document_is_written_down_in_a_thread_while_others_are_answered(api: Api, built: Built) -> None:
    pages = ReferencePages(built.imitated, built.admin)

    def exchange(path: str) -> Exchange:
        served_api = built.imitated
        return Exchange(served_api, served_api.sandboxes.enter("default"), method="GET", path=path, headers={})

    async def both() -> tuple[bool, Answer]:
        slow = asyncio.ensure_future(pages(exchange("/openapi.yaml")))
        await asyncio.sleep(0)
        assert not pages.has("/weavr", built.imitated.sandboxes.enter("default"))
        return slow.done(), await slow

    done, answer = api.runner.run(both())
    assert not done
    assert answer.status == 200


def test_the_served_document_is_the_one_that_is_in_force(api: Api, built: Built) -> None:
    served = {one["operationId"] for item in api.request("GET", "/openapi.json").body["paths"].values()
              for method, one in item.items() if method in ("get", "put", "post", "delete", "patch")}  # fmt: skip
    assert served == set(built.imitated.document.operations)


def test_an_operation_without_a_handler_is_marked(api: Api, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY)
    extended = Api(
        build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay])), api.runner, "extended"
    )
    paths = extended.request("GET", "/openapi.json?system=zitadel").body["paths"]
    marked = paths["/v2/users/{userId}/totp"]["post"]
    assert marked["x-watchword-answer"] == "example"
    assert "Answered from the document's examples" in marked["description"]
    assert "x-watchword-answer" not in paths["/v2/sessions"]["post"]


def test_the_reference_offers_every_document(api: Api) -> None:
    page = api.request("GET", "/docs/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    found = re.search(r'data-documents="([^"]*)"', page.content.decode())
    assert found
    choices = orjson.loads(html.unescape(found[1]))
    assert [one["name"] for one in choices] == [
        "All systems",
        "Weavr Multi",
        "Weavr Embedded Payment Run",
        "ZITADEL",
        "Entrust Identity as a Service",
        "Control API",
    ]
    for one in choices:
        assert api.request("GET", one["url"].removeprefix("..")).status == 200
    assert [one.get("rules") for one in choices] == [
        "rules",
        *(f"rules?system={name}" for name in ("weavr_multi", "weavr_payment_run", "zitadel", "entrust")),
        None,
    ]


def test_everything_the_reference_loads_is_served_here(api: Api) -> None:
    page = api.request("GET", "/docs/").content.decode()
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page)
    assert len(loaded) == 5
    for name in loaded:
        asset = api.request("GET", f"/docs/{name}")
        assert asset.status == 200
        assert asset.content
        assert asset.headers["content-type"] in ("text/javascript", "text/css", "image/png")


OWN = """
overlay: 1.0.0
actions:
  - target: $.paths
    update:
      /: &operation {get: {tags: [fifth], security: [], responses: {204: {description: Mine.}}}}
      /openapi.json: *operation
      /docs/docs.js: *operation
      /__admin/people: *operation
"""


def test_an_operation_of_the_document_wins_over_a_page_but_not_over_the_control_api(api: Api, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OWN)
    own = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay])), api.runner, None)
    for path in ("/", "/openapi.json", "/docs/docs.js"):
        assert own.request("GET", path).status == 204
        assert own.request("POST", path).headers["allow"] == "GET, HEAD"
    assert own.request("GET", "/docs/").status == 200
    assert own.request("GET", "/__admin/people").status == 200


@pytest.mark.parametrize("path", ["/", "/docs/", "/docs/docs.js", "/docs/docs.css", "/docs/rules", "/docs/rules.css"])
def test_our_pages_name_no_other_server(api: Api, path: str) -> None:
    assert not re.search(rb"(?:https?:)?//[a-z]", api.request("GET", path).content.replace(b"// ", b""))


def test_a_browser_is_told_to_load_nothing_from_elsewhere(api: Api) -> None:
    policy = api.request("GET", "/docs/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


def test_docs_without_a_slash_leads_there_also_under_a_sandboxs_prefix(api: Api) -> None:
    answer = api.request("GET", "/docs")
    assert (answer.status, answer.headers["location"]) == (302, "docs/")
    prefixed = Api(api.built, api.runner, None)
    assert prefixed.request("GET", f"/~{api.sandbox}/docs/").status == 200


def test_the_start_page_leads_to_every_system(api: Api) -> None:
    api.built.imitated.sandboxes.enter(api.sandbox or DEFAULT)  # the window looks at it, which does not make it
    page = api.request("GET", "/").content.decode()
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)"', page)]
    assert "docs/?urls.primaryName=ZITADEL" in links
    assert "openapi.json?system=entrust" in links
    for link in links:
        assert api.request("GET", urljoin("/", link)).status == 200


def test_links_to_the_reference_have_no_plus_for_a_blank(api: Api) -> None:
    page = api.request("GET", "/").content.decode()
    chosen = re.findall(r'href="docs/\?urls.primaryName=([^"]*)"', page)
    assert "Control%20API" in chosen
    assert "Weavr%20Multi" in chosen
    assert all("+" not in one for one in chosen)


def test_the_start_page_names_the_sandbox_it_is_about(api: Api) -> None:
    client = Api(api.built, api.runner, None)
    assert "the sandbox" not in client.request("GET", "/").content.decode()
    page = client.request("GET", f"/~{api.sandbox}/").content.decode()
    assert f"This is the sandbox <strong>{api.sandbox}</strong>." in page
    assert f"<title>Watchword, sandbox {api.sandbox}</title>" in page
    assert client.request("GET", "/~other/").content.decode().count("other") == 2


@pytest.mark.parametrize("path", ["/", "/docs/", "/docs/rules"])
def test_a_page_has_a_heading_a_main_part_and_colours_for_dark_screens(api: Api, path: str) -> None:
    page = api.request("GET", path).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert len(re.findall(r"<main[ >]", page)) == 1
    sheets = {"/docs/": "/docs/docs.css", "/docs/rules": "/docs/rules.css"}
    style = api.request("GET", sheets[path]).content.decode() if path in sheets else page
    assert "@media (prefers-color-scheme: dark)" in style
    assert '<meta name="color-scheme" content="light dark">' in page


def test_without_a_control_api_no_page_offers_it(api: Api) -> None:
    without = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, admin=False)), api.runner, None)
    assert b"__admin" not in without.request("GET", "/").content
    assert b"__admin" not in without.request("GET", "/docs/").content


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/", "/docs/docs.js", "/openapi.json", "/__admin/spec"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_only_read(api: Api, path: str, method: str) -> None:
    answer = api.request(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/docs/", "/docs/rules", "/openapi.json"])
def test_head_answers_without_the_body(api: Api, path: str) -> None:
    head, get = api.request("HEAD", path), api.request("GET", path)
    assert (head.status, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("name", ["x", "../pages.py", "swagger-ui.css/", "%2e%2e/pages.py", "docs.html"])
def test_only_the_references_own_files_are_served(api: Api, name: str) -> None:
    assert api.request("GET", f"/docs/{name}").status == 404
