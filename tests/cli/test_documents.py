"""Overlays and documents on the command line."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.commands import read_banner, refused, run, start, write
from watchword.cli.system_names import SYSTEM_NAMES

pytestmark = pytest.mark.usefixtures("logging_as_before")

OVERLAY = """
overlay: 1.0.0
actions:
  - target: $.paths
    update: {/weather: {get: {responses: {200: {description: Fine.}}}}}
"""


def test_an_exported_document_has_the_changes_of_its_overlays(tmp_path: Path) -> None:
    overlay = write(tmp_path / "overlay.yaml", OVERLAY)
    document = json.loads(run(tmp_path, "export", "openapi", "--overlay", overlay, "--format", "json").stdout)
    assert document["paths"]["/weather"]["get"]["x-watchword-answer"] == "example"


ACME = """
overlay: 1.0.0
actions:
  - target: $.paths
    update: {/acme/reset: {post: {operationId: acme.reset, tags: [acme], responses: {204: {description: Done.}}}}}
  - target: $.paths['/no/such']
    update: {x-nothing: true}
"""


def test_a_system_that_an_overlay_adds_can_be_exported(tmp_path: Path) -> None:
    overlay = write(tmp_path / "overlay.yaml", ACME)
    result = run(tmp_path, "export", "openapi", "--overlay", overlay, "--system", "acme", "--format", "json")
    assert list(json.loads(result.stdout)["paths"]) == ["/acme/reset"]


def test_an_unknown_system_is_refused_with_the_names_of_all_systems(tmp_path: Path) -> None:
    overlay = write(tmp_path / "overlay.yaml", ACME)
    result = run(tmp_path, "export", "openapi", "--overlay", overlay, "--system", "acne")
    assert result.exit_code == 2
    assert f"--system: 'acne' is not a system. There are: {', '.join(SYSTEM_NAMES)}, acme" in " ".join(
        result.stderr.split()
    )


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--overlay", "first.yaml", "--overlay"),
        ("export", "openapi", "--overlay", "first.yaml", "--overlay"),
        ("lint", "--no-spectral", "--overlay", "first.yaml", "--overlay"),
        ("diff", "current+first.yaml", "--only", "document", "--overlay"),
    ],
    ids=["serve", "export", "lint", "diff"],
)
@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("./first.yaml", "first.yaml: this overlay is given twice; give it once"),
        ("link.yaml", "link.yaml: this overlay is given twice, as first.yaml too; give it once"),
    ],
    ids=["the same path", "another path"],
)
def test_an_overlay_that_is_given_twice_is_refused(
    tmp_path: Path, words: tuple[str, ...], second: str, said: str
) -> None:
    action = "actions:\n- {target: $.info, update: {title: Doors}}\n"
    write(tmp_path / "first.yaml", f"overlay: 1.0.0\ninfo: {{title: First, version: '1'}}\n{action}")
    (tmp_path / "link.yaml").symlink_to("first.yaml")
    ended = run(tmp_path, *words, second)
    assert (ended.exit_code, said in " ".join(ended.output.split())) == (2, True), ended.output


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("export", "openapi")], ids=["serve", "export"])
def test_an_overlay_action_that_matches_nothing_causes_a_warning(tmp_path: Path, words: tuple[str, ...]) -> None:
    write(tmp_path / "overlay.yaml", ACME)
    with start(tmp_path, *words, "--overlay", "overlay.yaml") as process:
        if words[0] == "serve":
            read_banner(process)
            process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert """overlay.yaml:6:5: action 2: target "$.paths['/no/such']" matches nothing in the document""" in errors


def test_an_answer_that_cannot_be_made_is_warned_of_and_everything_else_is_served(tmp_path: Path) -> None:
    answer = "{200: {description: x, content: {application/json: {schema: {type: string, pattern: '^$A'}}}}}"
    text = f"overlay: 1.0.0\nactions: [{{target: $.paths, update: {{/x: {{get: {{responses: {answer}}}}}}}}}]"
    with start(tmp_path, "serve", "--port", "0", "--overlay", write(tmp_path / "o.yaml", text)) as process:
        read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "document.get_x, status 200: no data that fits can be made from the schema" in errors
    assert process.returncode == 0


LOSING = """
overlay: 1.0.0
info: {title: renamed, version: "1"}
actions:
  - target: $.paths['/login_with_password'].post
    update: {operationId: weavr_multi.sign_in}
"""


def test_what_an_overlay_breaks_is_a_warning_and_the_banner_shows_what_is_left(tmp_path: Path) -> None:
    overlay = write(tmp_path / "renamed.yaml", LOSING)
    with start(tmp_path, "serve", "--port", "0", "--overlay", overlay) as process:
        shown = read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert f"Overlays    {overlay}" in shown
    assert f"{overlay} changes 1 operation: 1 of Weavr Multi (weavr_multi.sign_in)." in errors
    assert " WARNING: The handler of weavr_multi.login_with_password is lost" in errors
    assert all(re.match("[0-9:]{8} ", line) for line in errors.splitlines())


def test_a_strict_start_is_refused_for_what_an_overlay_breaks_and_not_for_what_it_changes(tmp_path: Path) -> None:
    broken = refused(tmp_path, "--strict", "--overlay", write(tmp_path / "renamed.yaml", LOSING))
    assert broken.exit_code == 2
    assert (
        "--strict: overlays or proposals break something:\n  The handler of weavr_multi.login_with_password is lost"
        in broken.output
    )
    harmless = LOSING.replace("operationId: weavr_multi.sign_in", "summary: Sign in")
    with start(
        tmp_path, "serve", "--port", "0", "--strict", "--overlay", write(tmp_path / "harmless.yaml", harmless)
    ) as process:
        assert "harmless.yaml" in read_banner(process)


SHOP = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /things: {get: {responses: {"200": {description: x, content: {application/json: {example: [1]}}}}}}
  /passwords/update: {post: {responses: {"204": {description: x}}}}
"""


def test_a_document_of_ones_own_is_in_the_banner_and_what_an_imitated_system_hides_is_told(tmp_path: Path) -> None:
    with start(
        tmp_path, "serve", "--port", "0", "--document", f"shop={write(tmp_path / 'shop.yaml', SHOP)}"
    ) as process:
        shown = read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "/shop  (answered from its document, without state)" in shown
    assert "Only below /shop, because the path is taken: POST /passwords/update." in errors


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["shop"], "--document: 'shop': write NAME=FILE, for example shop=openapi.yaml"),
        (["=shop.yaml"], "--document: '=shop.yaml': write NAME=FILE"),
        (["shop=nosuch.yaml"], "--document: 'nosuch.yaml' is not a file"),
        (["shop=shop.yaml", "shop=shop.yaml"], "--document: two documents are called 'shop'"),
        (["multi=shop.yaml"], "--document: 'multi' cannot be the name of a document: /multi is a path of Watchword"),
    ],
)
def test_an_impossible_document_ends_serve_with_exit_code_2(tmp_path: Path, values: list[str], message: str) -> None:
    write(tmp_path / "shop.yaml", SHOP)
    result = refused(tmp_path, *(word for value in values for word in ("--document", value)))
    assert (result.exit_code, message in result.output) == (2, True), result.output


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--overlay", "loop.yaml"),
        ("serve", "--proposal", "next=loop.yaml"),
        ("serve", "--document", "shop=loop.yaml"),
        ("lint", "loop.yaml"),
        ("diff", "loop.yaml", "current"),
        ("export", "openapi", "--overlay", "loop.yaml"),
    ],
    ids=" ".join,
)
def test_a_link_that_leads_to_itself_is_refused_with_what_would_be_right(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    result = refused(tmp_path, *words[1:]) if words[0] == "serve" else run(tmp_path, *words)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    shown = " ".join(result.output.split())
    assert "is a symbolic link that leads back to itself; let it lead to a file" in shown
    assert "loop.yaml" in shown


def test_what_a_start_says_is_json_if_the_log_is(tmp_path: Path) -> None:
    overlay = write(tmp_path / "renamed.yaml", LOSING)
    flags = ("--overlay", overlay, "--document", f"shop={write(tmp_path / 'shop.yaml', SHOP)}", "--log-format", "json")
    with start(tmp_path, "serve", "--port", "0", "--host", "0.0.0.0", *flags) as process:  # noqa: S104
        read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert {one["level"] for one in lines} == {"info", "warning"}
    assert [one for one in lines if one["message"].startswith("Listening on 0.0.0.0")]


UNFIT = SHOP.replace(
    "get: {responses",
    "get: {parameters: [{in: query, name: page, schema: {type: string, format: uri, default: ''}}], responses",
)


def test_a_default_that_does_not_fit_is_warned_of_and_the_document_is_served(tmp_path: Path) -> None:
    shop = write(tmp_path / "shop.yaml", UNFIT)
    with start(tmp_path, "serve", "--port", "0", "--document", f"shop={shop}") as process:
        read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    place = "paths//things/get/parameters/0/schema/default"
    assert f"shop: {place}: the value must be of format uri. Nothing depends on it." in errors
    assert process.returncode == 0


def test_the_start_tells_unfit_examples_and_paths_that_two_documents_have(tmp_path: Path) -> None:
    unfit = "{application/json: {schema: {type: integer}, example: many}}"
    shop = write(tmp_path / "shop.yaml", SHOP.replace("{application/json: {example: [1]}}", unfit))
    flags = [flag for name in ("shop", "kiosk") for flag in ("--document", f"{name}={shop}")]
    with start(tmp_path, "serve", "--port", "0", *flags) as process:
        read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "example (only) of 200: the whole must be of type integer. It is served as it is written." in errors
    assert "Only below /kiosk, because the path is taken: POST /passwords/update, GET /things." in errors
    assert "Only below /shop, because the path is taken: POST /passwords/update." in errors


SPLIT = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths: {/user: {$ref: paths/user.yaml}}
components: {schemas: {User: {$ref: schemas/User.yaml}}}
"""


def test_a_document_in_several_files_is_served(tmp_path: Path) -> None:
    for folder in ("paths", "schemas"):
        (tmp_path / folder).mkdir()
    content = "{application/json: {schema: {$ref: ../schemas/User.yaml}}}"
    write(tmp_path / "paths" / "user.yaml", f"get: {{responses: {{'200': {{description: x, content: {content}}}}}}}")
    write(tmp_path / "schemas" / "User.yaml", "{type: object, properties: {friend: {$ref: ./User.yaml}}}")
    shop = write(tmp_path / "shop.yaml", SPLIT)
    with start(tmp_path, "serve", "--port", "0", "--document", f"shop={shop}") as process:
        assert "/shop  (answered from its document" in read_banner(process)
