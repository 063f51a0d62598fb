"""Where the parts of a document stand in the files that people wrote."""

from pathlib import Path

import pytest

from watchword.document import DocumentError
from watchword.document.loading import load_with_sources
from watchword.document.sources import Sources

ROOT = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /carts: {$ref: paths.yaml#/carts}
components:
  schemas:
    Own: {type: object, properties: {name: {type: string}}}
"""
PATHS = """\
carts:
  get:
    operationId: shop.carts
    responses:
      "200":
        description: Carts
        content:
          application/json:
            schema: {$ref: schemas.yaml#/Cart}
"""
SCHEMAS = """\
Cart:
  type: object
  properties:
    owner: {$ref: root.yaml#/components/schemas/Own}
    tags: {type: array, items: {type: string}}
    kind: {type: string, enum: [a, b]}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: x, version: "1"}
actions:
  - target: $.components.schemas.Cart.properties
    update:
      paid: {type: boolean}
      kind:
        enum: [c]
  - target: $.components.schemas.Cart.properties.kind.enum
    update: d
  - target: $.paths
    update:
      /new:
        post:
          responses: {"200": {$ref: more.yaml#/Done}}
  - target: $.components.schemas.Own.properties.name
    remove: true
"""
BODY = ("paths", "/carts", "get", "responses", "200", "content", "application/json", "schema")


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    files = {"root": ROOT, "paths": PATHS, "schemas": SCHEMAS, "overlay": OVERLAY, "more": "Done: {description: ok}\n"}
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_with_sources(tmp_path / "root.yaml", overlays=[tmp_path / "overlay.yaml"])[1]


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        (("paths", "/carts"), "root.yaml:4:3"),
        (("paths", "/carts", "get", "responses", "200"), "paths.yaml:5:7"),
        (("paths", "/carts", "get", "responses", "404"), "paths.yaml:4:5"),
        (BODY, "schemas.yaml:1:1"),
        ((*BODY, "properties", "tags", "items"), "schemas.yaml:5:25"),
        ((*BODY, "properties", "kind", "enum", "1"), "schemas.yaml:6:36"),
        ((*BODY, "properties", "owner"), "root.yaml:7:5"),
        (("components", "schemas", "Cart", "properties", "paid", "type"), "overlay.yaml:6:14"),
        ((*BODY, "properties", "kind", "enum", "2"), "overlay.yaml:8:16"),
        ((*BODY, "properties", "kind", "enum", "3"), "overlay.yaml:10:5"),
        (("paths", "/new", "post"), "overlay.yaml:14:9"),
        (("paths", "/new", "post", "responses", "200", "description"), "more.yaml:1:8"),
    ],
)
def test_a_part_is_found_through_references_and_overlays(sources: Sources, steps: tuple[str, ...], place: str) -> None:
    found = sources.find(steps)
    assert f"{found.path.name}:{found.line}:{found.column}" == place


def test_files_are_read_once_and_not_for_each_part(sources: Sources, tmp_path: Path) -> None:
    in_root, in_overlay = ("paths", "/carts"), (*BODY, "properties", "kind", "enum", "3")
    before = [sources.find(steps) for steps in (in_root, in_overlay)]
    for name in ("root.yaml", "overlay.yaml"):
        (tmp_path / name).unlink()
    assert [sources.find(steps) for steps in (in_root, in_overlay)] == before


def test_what_an_overlay_removed_is_found_at_its_action(sources: Sources) -> None:
    found = sources.removal(("components", "schemas", "Own", "properties", "name", "type"))
    assert found is not None
    assert (found.path.name, found.line) == ("overlay.yaml", 17)


def test_what_an_overlay_removed_is_found_through_references(sources: Sources) -> None:
    found = sources.removal((*BODY, "properties", "owner", "properties", "name"))
    assert found is not None
    assert (found.path.name, found.line) == ("overlay.yaml", 17)


def test_what_an_overlay_removed_and_wrote_again_is_not_removed(tmp_path: Path) -> None:
    root, overlay = tmp_path / "root.yaml", tmp_path / "overlay.yaml"
    root.write_text("openapi: 3.0.3\ninfo: {title: Shop, version: '1', x-a: 1}\npaths: {}\n", encoding="utf-8")
    actions = "- {target: \"$.info['x-a']\", remove: true}\n- {target: $.info, update: {x-a: 2}}\n"
    overlay.write_text(f"overlay: 1.0.0\ninfo: {{title: x, version: '1'}}\nactions:\n{actions}", encoding="utf-8")
    assert load_with_sources(root, overlays=[overlay])[1].removal(("info", "x-a")) is None


def test_one_part_has_one_place_whichever_way_leads_to_it(sources: Sources) -> None:
    assert sources.follow((*BODY, "properties", "owner")) == ("components", "schemas", "Own")


def test_the_way_leads_over_the_objects_that_refer_and_those_they_refer_to(sources: Sources) -> None:
    way = [node for _, node in sources.on_the_way((*BODY, "properties"))]
    assert way[0]["openapi"] == "3.0.3"
    assert {"$ref": "#/components/schemas/Cart"} in way
    assert any("paid" in one for one in way)


def test_a_key_that_an_overlay_adds_in_vain_is_told_where_it_was_written(tmp_path: Path) -> None:
    root, overlay = tmp_path / "root.yaml", tmp_path / "overlay.yaml"
    root.write_text("openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n", encoding="utf-8")
    action = "- target: $.paths\n  update:\n    carts: {}\n    wishes: {}\n"
    overlay.write_text(f"overlay: 1.0.0\ninfo: {{title: x, version: '1'}}\nactions:\n{action}", encoding="utf-8")
    with pytest.raises(DocumentError) as refused:
        load_with_sources(root, overlays=[overlay])
    assert str(refused.value).splitlines()[1:] == [
        f"  {overlay}:6:5: paths/carts: a path begins with '/'",
        f"  {overlay}:7:5: paths/wishes: a path begins with '/'",
    ]
