"""Where parts of a document were written: file and line, through references and overlays."""

from pathlib import Path

import pytest

from watchword.document import load
from watchword.resources import folder
from watchword.review.sources import Sources

_OVERLAY = """\
overlay: 1.0.0
info: {title: Shorter, version: "1"}
actions:
- target: $.components.schemas.Password
  update:
    maxLength: 64
- target: $.paths['/in'].post.tags
  update: late
"""


@pytest.fixture(scope="module")
def own() -> Sources:
    root = folder("openapi") / "openapi.yaml"
    return Sources(root, (), load(root, systems=["zitadel"]).content)


def _line(place: object) -> str:
    file, line, _ = str(place).rsplit(":", 2)
    return Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip()


def test_a_path_item_is_where_its_file_has_it(own: Sources) -> None:
    place = own.place(("paths", "/v2/users/{userId}/password", "post", "operationId"))
    assert place.file.endswith("openapi/zitadel/paths.yaml")
    assert _line(place) == "operationId: zitadel.set_password"


def test_a_component_is_where_its_file_has_it(own: Sources) -> None:
    place = own.place(("components", "schemas", "ZitadelPassword", "properties", "password"))
    assert place.file.endswith("openapi/zitadel/schemas.yaml")
    assert _line(place).startswith("password:")


def test_what_nobody_wrote_is_where_it_is_inside_of(own: Sources) -> None:
    inside = own.place(("components", "schemas", "ZitadelPassword", "properties"))
    assert own.place(("components", "schemas", "ZitadelPassword", "properties", "none", "maxLength")) == inside


def test_what_an_overlay_changed_is_where_the_overlay_says_so(tmp_path: Path) -> None:
    root, overlay = tmp_path / "base.yaml", tmp_path / "overlay.yaml"
    root.write_text(
        "openapi: 3.0.3\n"
        "info: {title: t, version: '1'}\n"
        "paths:\n"
        "  /in:\n"
        "    post:\n"
        "      tags: [early]\n"
        "      responses: {'200': {description: in}}\n"
        "components:\n"
        "  schemas:\n"
        "    Password: {type: string,\n"
        "               maxLength: 30}\n",
        encoding="utf-8",
    )
    overlay.write_text(_OVERLAY, encoding="utf-8")
    content = load(root, overlays=[overlay]).content
    sources = Sources(root, [overlay], content)
    password = ("components", "schemas", "Password")
    assert str(sources.place((*password, "maxLength"))) == f"{overlay}:6:5"
    assert str(sources.place((*password, "type"))) == f"{root}:10:16"
    assert str(sources.place(("paths", "/in", "post", "tags", "0"))) == f"{root}:6:14"
    assert str(sources.place(("paths", "/in", "post", "tags", "1"))) == f"{overlay}:8:3"
    before = Sources(root, (), load(root).content).excerpt((*password, "maxLength"))
    assert (before.place.line, before.first, before.lines[2].strip()) == (11, 9, "maxLength: 30}")
