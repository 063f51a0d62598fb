"""Documents that somebody brings are served beside the imitated systems."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.proposals import WHOLE
from tests.toy import ask
from watchword.build import Built, Options, build
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.edge.extra_documents import hidden_paths
from watchword.edge.pages import PATHS as PAGES

THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def json_answer(**media: Any) -> dict[str, Any]:
    return {"description": "x", "content": {"application/json": media}}


PATHS: dict[str, Any] = {
    "/": {"get": {"responses": {"200": json_answer(example="the root")}}},
    "/things/{id}": {
        "get": {
            "tags": ["weavr_multi"],
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "responses": {"200": json_answer(schema=THING), "404": json_answer(example={"error": "no such thing"})},
        }
    },
    "/passwords/update": {"post": {"responses": {"200": json_answer(example="the shop's")}}},
    "/multi/passwords/update": {"post": {"responses": {"200": json_answer(example="the shop's")}}},
    "/openapi.json": {"get": {"responses": {"200": json_answer(example="the shop's")}}},
}


def written(folder: Path, paths: Any = PATHS, **root: Any) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "shop.json"
    content = {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": paths, **root}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture
def shop(tmp_path: Path) -> Built:
    return build(Options(documents={"shop": written(tmp_path)}, hashing=Profile.FAST))


@pytest.mark.parametrize("path", ["/shop/things/1", "/things/1", "/~demo/shop/things/1", "/~demo/things/1"])
def test_an_operation_is_served_below_the_name_and_at_its_own_path(shop: Built, path: str) -> None:
    reply = ask(shop.app, "GET", path)
    assert (reply.status, sorted(reply.json), reply.headers["watchword-answer"]) == (200, ["id"], "example")


def test_an_imitated_system_keeps_its_paths(shop: Built) -> None:
    assert ask(shop.app, "POST", "/passwords/update").json != "the shop's"
    assert ask(shop.app, "POST", "/multi/passwords/update").json != "the shop's"
    assert ask(shop.app, "POST", "/shop/passwords/update").json == "the shop's"
    hidden = list(hidden_paths(shop.documents["shop"].document, shop.imitated, PAGES))
    taken = ["GET /", "GET /openapi.json", "POST /multi/passwords/update", "POST /passwords/update"]
    assert sorted(hidden) == taken


def test_the_first_document_keeps_its_paths_and_every_document_those_below_its_name(tmp_path: Path) -> None:
    answer = {"get": {"responses": {"200": json_answer(example=1)}}}
    files = {
        "shop": written(tmp_path, {"/a/{id}": PATHS["/things/{id}"]}),
        "kiosk": written(tmp_path / "kiosk", {"/a/1": answer, "/b": answer, "/shop/c": answer}),
    }
    built = build(Options(documents=files, hashing=Profile.FAST))
    shop, kiosk = built.documents.values()
    found = hidden_paths(kiosk.document, built.imitated, PAGES, earlier=[shop], names=["shop"])
    assert sorted(found) == ["GET /a/1", "GET /shop/c"]
    assert [ask(built.app, "GET", path).status for path in ("/shop/c", "/kiosk/shop/c")] == [404, 200]


def test_own_pages_keep_their_paths(shop: Built) -> None:
    assert ask(shop.app, "GET", "/shop/").json == "the root"
    assert ask(shop.app, "GET", "/shop/openapi.json").json == "the shop's"
    assert ask(shop.app, "GET", "/").headers["content-type"].startswith("text/html")
    assert ask(shop.app, "GET", "/openapi.json").json["info"]["title"] != "Shop"


def test_every_operation_belongs_to_the_document_whatever_its_tags_say(shop: Built) -> None:
    assert {one.system for one in shop.documents["shop"].document.operations.values()} == {"shop"}


def test_refusals_come_from_the_document_too(shop: Built) -> None:
    assert ask(shop.app, "GET", "/shop/things/x").status == 400
    nowhere = ask(shop.app, "GET", "/shop/things/1/more")
    assert (nowhere.status, nowhere.json) == (404, {"error": "no such thing"})


def test_the_document_is_shown_with_this_server_and_not_with_the_real_one(tmp_path: Path) -> None:
    file = written(tmp_path, servers=[{"url": "https://api.example.com"}])
    built = build(Options(documents={"shop": file}, hashing=Profile.FAST))
    assert ask(built.app, "GET", "/openapi.json?system=shop").json["servers"] == [{"url": "/shop"}]
    assert b"Shop" in ask(built.app, "GET", "/").content
    assert b"Shop" in ask(built.app, "GET", "/docs/").content


def test_documents_share_neither_ids_nor_components(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    paths = {"/things/{id}": PATHS["/things/{id}"]}
    files = {"shop": written(tmp_path, paths), "other": written(other, paths)}
    built = build(Options(documents=files, hashing=Profile.FAST))
    assert [ask(built.app, "GET", f"/{name}/things/1").status for name in files] == [200, 200]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("multi", "/multi is a path of Watchword already"),
        ("docs", "/docs is a path of Watchword already"),
        ("passwords", "/passwords is a path of Watchword already"),
        ("weavr_multi", "weavr_multi is the name of a system"),
        ("__admin", "a name starts with a letter"),
        ("a/b", "a name starts with a letter"),
    ],
)
def test_a_name_that_is_taken_ends_the_start(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        build(Options(documents={name: written(tmp_path)}, hashing=Profile.FAST))


def test_no_server_of_a_brought_document_leads_to_the_real_one(tmp_path: Path) -> None:
    real = {"servers": [{"url": "https://api.example.com/v2"}]}
    paths = {"/things/{id}": {**real, "get": {**PATHS["/things/{id}"]["get"], **real}}}
    built = build(Options(documents={"shop": written(tmp_path, paths, **real)}, hashing=Profile.FAST))
    shown = ask(built.app, "GET", "/openapi.json?system=shop")
    assert shown.json["servers"] == [{"url": "/shop"}]
    assert b"api.example.com" not in shown.content


def test_a_path_with_the_base_of_its_server_twice_is_not_served(tmp_path: Path) -> None:
    file = written(tmp_path, servers=[{"url": "https://api.example.com/v1"}])
    built = build(Options(documents={"shop": file}, hashing=Profile.FAST))
    paths = ("/shop/v1/things/1", "/v1/things/1", "/shop/v1/v1/things/1", "/v1/v1/things/1")
    assert [ask(built.app, "GET", path).status for path in paths] == [200, 200, 404, 404]


def test_a_path_of_a_proposal_is_the_proposals_in_the_sandbox_that_chose_it_and_else_the_documents(
    tmp_path: Path,
) -> None:
    shop = written(tmp_path, {"/countries": {"get": {"responses": {"200": json_answer(example="the shop's")}}}})
    (tmp_path / "whole.yaml").write_text(WHOLE, encoding="utf-8")
    options = Options(documents={"shop": shop}, proposals={"whole": tmp_path / "whole.yaml"}, hashing=Profile.FAST)
    built = build(options)
    ask(built.app, "PUT", "/__admin/sandboxes/box", json={"proposal": "whole"})
    answers = [ask(built.app, "GET", path).json for path in ("/countries", "/~box/countries", "/~box/shop/countries")]
    assert answers == ["the shop's", ["DK"], "the shop's"]
