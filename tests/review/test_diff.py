"""``watchword diff`` as a reviewer uses it."""

import json
import subprocess
from contextlib import chdir
from pathlib import Path

import pytest
import yaml

from tests.cli.commands import run, write
from tests.serving import serving
from watchword.review.revisions import read_revision

BASE = """\
openapi: 3.0.3
info: {title: Doors, version: "1"}
paths:
  /doors/{id}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    put:
      operationId: open_door
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Key"
      responses:
        "200": {description: open, content: {application/json: {schema: {$ref: "#/components/schemas/Door"}}}}
    delete:
      operationId: brick_up
      responses:
        "204": {description: gone}
components:
  schemas:
    Key:
      type: object
      properties:
        code:
          type: string
          maxLength: 30
    Door:
      type: object
      properties:
        state: {type: string, enum: [open, closed]}
"""
SHORTER = """\
overlay: 1.0.0
info: {title: Shorter keys, version: "1"}
actions:
- target: $.components.schemas.Key.properties.code
  update:
    maxLength: 10
- target: $.components.schemas.Door
  update: {description: What one goes through.}
"""

_SOMEBODY = ("-c", "user.name=t", "-c", "user.email=t@example.com")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "base.yaml", BASE)
    write(tmp_path / "shorter.yaml", SHORTER)
    return tmp_path


def test_the_verdict_comes_first_and_the_place_is_the_overlay_s_line(folder: Path) -> None:
    ended = run(folder, "diff", "base.yaml", "base.yaml+shorter.yaml")
    assert ended.exit_code == 1, ended.output
    lines = ended.stdout.splitlines()
    assert lines[0] == "1 breaking, 1 harmless: base.yaml → base.yaml+shorter.yaml"
    assert lines[2] == "shorter.yaml:6:5 breaking request-property-max-length-decreased"
    assert lines[3].strip() == "request body, code: maxLength: 30 → 10"
    assert "PUT /doors/{id}" in lines[5]
    assert "Harmless: 1 response-body-text-changed. --all lists them." in lines


def test_what_is_gone_is_where_base_has_it(folder: Path) -> None:
    write(folder / "head.yaml", BASE.replace("delete:", "x-delete:"))
    ended = run(folder, "diff", "base.yaml", "head.yaml")
    assert "base.yaml:17:5 breaking operation-removed" in ended.output
    assert "DELETE /doors/{id}" in ended.output


def test_what_an_overlay_removes_is_where_the_overlay_does_it(folder: Path) -> None:
    action = "actions:\n- target: $.paths['/doors/{id}'].delete\n  remove: true\n"
    write(folder / "gone.yaml", f'overlay: 1.0.0\ninfo: {{title: No wall, version: "1"}}\n{action}')
    ended = run(folder, "diff", "base.yaml", "base.yaml+gone.yaml")
    assert "gone.yaml:5:3 breaking operation-removed" in ended.output


@pytest.mark.parametrize("words", [("base.yaml", "--overlay", "shorter.yaml"), ("base.yaml", "base.yaml+shorter.yaml")])
def test_an_overlay_is_a_flag_or_stands_behind_a_plus(folder: Path, words: tuple[str, ...]) -> None:
    assert run(folder, "diff", *words).stdout.startswith("1 breaking, 1 harmless: base.yaml → base.yaml+shorter.yaml")


def test_equal_sides_differ_in_nothing(folder: Path) -> None:
    ended = run(folder, "diff", "base.yaml", "base.yaml")
    assert (ended.exit_code, ended.stdout.splitlines()[0]) == (0, "nothing differs: base.yaml → base.yaml")


@pytest.mark.parametrize(
    ("fail_on", "code"), [("breaking", 0), ("risky", 0), ("harmless", 1), ("risky,harmless", 1), ("never", 0)]
)
def test_fail_on_says_what_fails(folder: Path, fail_on: str, code: int) -> None:
    write(folder / "head.yaml", BASE.replace("title: Doors", "title: All doors"))
    assert run(folder, "diff", "base.yaml", "head.yaml", "--fail-on", fail_on).exit_code == code


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--fail-on", "grave"), "there is no level or part 'grave'. There are: breaking, risky, harmless"),
        (("--fail-on", "never,risky"), "'never' has nothing beside it"),
        (("--fail-on", "consumers"), "--fail-on consumers is for comparing consumers, which needs --journal FILE."),
        (("--only", "consumers"), "Nothing was compared: --only consumers needs --journal FILE."),
        (("--only", "document,consumers"), "Nothing was compared: --only consumers needs --journal FILE."),
        (
            ("--only", "document", "--fail-on", "behaviour"),
            "--fail-on behaviour is for comparing behaviour, which --only leaves out.",
        ),
        (
            ("--only", "document", "--fail-on", "consumers"),
            "--fail-on consumers is for comparing consumers, which --only leaves out and which needs --journal FILE.",
        ),
        (
            ("--only", "document", "--journal", "base.yaml"),
            "--journal is for comparing consumers, which --only leaves out.",
        ),
        (
            ("--only", "document", "--consumer-by", "file"),
            "--consumer-by is for comparing consumers, which --only leaves out and which needs --journal FILE.",
        ),
        (("--consumer-by", "file"), "--consumer-by is for comparing consumers, which needs --journal FILE."),
        (("--only", "document", "--walks", "5"), "--walks is for comparing behaviour, which --only leaves out."),
        (
            ("--only", "document", "--random-seed", "5"),
            "--random-seed is for comparing behaviour, which --only leaves out.",
        ),
        (("--only", "words"), "there is no part 'words'. There are: consumers, document, behaviour."),
        (("--only", ","), "name what to compare: consumers, document, behaviour."),
    ],
)
def test_a_flag_that_means_nothing_says_what_would_be_right(folder: Path, flags: tuple[str, ...], said: str) -> None:
    ended = run(folder, "diff", "base.yaml", "base.yaml", *flags)
    assert (ended.exit_code, said in " ".join(ended.output.split())) == (2, True), ended.output


def test_an_approval_carries_over_lines_components_and_names_of_parameters(folder: Path) -> None:
    run(folder, "diff", "base.yaml", "base.yaml+shorter.yaml", "--report", "json=known.json")
    moved = BASE.replace("{id}", "{door}").replace("name: id", "name: door").replace("Key", "DoorKey")
    write(folder / "later.yaml", "\n\n" + moved.replace("maxLength: 30", "maxLength: 10"))
    ended = run(folder, "diff", "base.yaml", "later.yaml", "--baseline", "known.json")
    assert (ended.exit_code, ended.stdout.splitlines()[0]) == (
        0,
        "1 harmless (1 accepted): base.yaml → later.yaml",
    )


def test_an_approval_does_not_cover_another_value(folder: Path) -> None:
    run(folder, "diff", "base.yaml", "base.yaml+shorter.yaml", "--report", "json=known.json")
    write(folder / "later.yaml", BASE.replace("maxLength: 30", "maxLength: 5"))
    assert run(folder, "diff", "base.yaml", "later.yaml", "--baseline", "known.json").exit_code == 1


def test_a_report_of_another_command_is_no_baseline(folder: Path) -> None:
    run(folder, "lint", "base.yaml", "--no-spectral", "--write-baseline", "lint.json")
    ended = run(folder, "diff", "base.yaml", "base.yaml+shorter.yaml", "--baseline", "lint.json")
    said = "lint.json is a report of watchword lint; the baseline is one of watchword diff"
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_baseline_is_read_before_anything_is_compared(folder: Path) -> None:
    write(folder / "torn.json", "{")
    ended = run(folder, "diff", "base.yaml", "nothing.yaml", "--baseline", "torn.json")
    assert (ended.exit_code, "torn.json" in ended.output) == (2, True), ended.output


def test_annotations_have_what_is_harmless_only_if_all_is_wanted(folder: Path) -> None:
    words = ("diff", "base.yaml", "base.yaml+shorter.yaml", "--format", "github")
    lines = run(folder, *words).output.splitlines()
    assert [one.partition(" ")[0] for one in lines if one.startswith("::")] == ["::error"]
    assert "Harmless: 1 response-body-text-changed. --all lists them." in lines
    assert "::notice file=shorter.yaml" in run(folder, *words, "--all").output


def test_a_place_with_special_characters_is_one_cell_of_a_table(folder: Path) -> None:
    write(folder / "a|b_`c`.yaml", BASE.replace("maxLength: 30", "maxLength: 10"))
    run(folder, "diff", "base.yaml", "a|b_`c`.yaml", "--report", "md=report.md")
    (row,) = [one for one in (folder / "report.md").read_text().splitlines() if one.startswith("| breaking")]
    assert r"| `` a\|b_`c`.yaml:28:11 `` |" in row


def test_reports_say_the_same(folder: Path) -> None:
    reports = ",".join(f"{form}=report.{form}" for form in ("json", "md", "html", "sarif"))
    run(folder, "diff", "base.yaml", "base.yaml+shorter.yaml", "--report", reports)
    found = json.loads((folder / "report.json").read_text())
    assert found["sections"][0]["breaking"] == 1
    assert found["findings"][0]["head"] == {"file": "shorter.yaml", "line": 6, "column": 5}
    assert found["findings"][0]["operation"] == "PUT /doors/{id}"
    assert (folder / "report.md").read_text().startswith("## 1 breaking, 1 harmless\n")
    assert (folder / "report.md").read_text().count("1 breaking, 1 harmless") == 1, "the heading has it"
    page = (folder / "report.html").read_text()
    assert (
        '<meta name="viewport" content="width=device-width,initial-scale=1">' in page
    )  # phones show it at their width
    assert "h1{font-size:clamp(" in page
    assert "body{overflow-wrap:anywhere}" in page, "a long word makes no phone scroll sideways"
    assert "<mark>   28           maxLength: 30</mark>" in page
    assert "<mark>    6     maxLength: 10</mark>" in page
    (sarif,) = json.loads((folder / "report.sarif").read_text())["runs"]
    assert sorted(one["level"] for one in sarif["results"]) == ["error", "note"]


def test_what_is_not_judged_is_named(folder: Path) -> None:
    content = yaml.safe_load(BASE)
    content["components"]["schemas"]["Key"]["xml"] = {"name": "key"}
    write(folder / "head.yaml", yaml.safe_dump(content))
    ended = run(folder, "diff", "base.yaml", "head.yaml")
    named = "Not judged: xml (PUT /doors/{id}/requestBody/content/application~1json/schema/xml)."
    assert named in ended.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name what is proposed: HEAD, or --overlay FILE."),
        (("a", "b", "c"), "There are 3 sides, but two can be compared"),
        (("base.yaml", "nothing.yaml"), "nothing.yaml names nothing that can be compared; nearest: "),
        (("base.yaml", "bse.yaml"), "names nothing that can be compared; nearest: base.yaml"),
        (("base.yaml", "curent"), "names nothing that can be compared; nearest: current"),
        (("base.yaml", "zitadle:v4.6"), "the working directory is in no git repository; nearest: zitadel:v4.6"),
        (("base.yaml", ""), "'' names no side. Write FILE, FILE+OVERLAY"),
        (("base.yaml", "base.yaml+none.yaml"), "there is no overlay 'none.yaml'"),
        (("base.yaml", "http://127.0.0.1:9+shorter.yaml"), "write --overlay shorter.yaml apart, and HEAD has it"),
        (("base.yaml", "http://127.0.0.1:9/api+shorter.yaml"), "write --overlay shorter.yaml apart, and HEAD has it"),
        (("base.yaml", "base.yaml+shortr.yaml"), "there is no overlay 'shortr.yaml'; nearest: shorter.yaml"),
        (("base.yaml", "shorter.yaml"), "is an overlay; write 'base.yaml+shorter.yaml' or '+shorter.yaml'"),
        (("base.yaml", "."), "is a directory; name the document in it, such as openapi.yaml"),
        (("base.yaml", "current"), "means a file and the document that this version serves; write './current'"),
        (("base.yaml", "zitadel"), "zitadel names a system, but no profile of it. Write one of zitadel:documented"),
        (("base.yaml", "zitadel:v9"), "there is no such profile of zitadel. There are: documented, v2.65, v4.2, v4.6"),
        (("base.yaml", "git:main"), "the working directory is in no git repository"),
        (
            ("base.yaml", "ftp://mila:Kettle-34@x"),
            "ftp://… cannot be fetched: the address of a server begins with http",
        ),
        (("base.yaml", "http://127.0.0.1:1"), "http://127.0.0.1:1/openapi.yaml cannot be reached (Connection refused)"),
        (("base.yaml", "x" * 5000), "names nothing that can be compared. Write FILE"),
        (("base.yaml", f"base.yaml+{'x' * 5000}"), "there is no overlay 'xxx"),
        (("base.yaml", "broken.yaml"), "not a valid OpenAPI 3.0 document"),
        (("base.yaml", "faulty.yaml"), "faulty.yaml:33:22: x-watchword-faults: fault 1: fault: is required"),
        (
            ("base.yaml", "pointless.yaml"),
            "pointless.yaml:33:31: x-watchword-faults: fault 1: match.operation: 'doors.pait' is not known; there are",
        ),
    ],
)
def test_a_side_that_means_nothing_says_what_would_be_right(folder: Path, words: tuple[str, ...], said: str) -> None:
    write(folder / "current", BASE)
    write(folder / "faulty.yaml", f"{BASE}x-watchword-faults: [{{}}]\n")
    fault = "{match: {operation: doors.pait}, fault: {answer: {status: 503}}}"
    write(folder / "pointless.yaml", f"{BASE}x-watchword-faults: [{fault}]\n")
    write(folder / "broken.yaml", BASE.replace("type: object", "type: thing"))
    ended = run(folder, "diff", *words)
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_git_revisions_are_sides(folder: Path) -> None:
    write(folder / "schemas.yaml", "Key: {type: object, properties: {code: {type: string, maxLength: 30}}}\n")
    write(folder / "split.yaml", BASE.replace("#/components/schemas/Key", "schemas.yaml#/Key"))
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", ".")
    _git(folder, *_SOMEBODY, "commit", "-q", "-m", "one")
    write(folder / "schemas.yaml", "Key: {type: object, properties: {code: {type: string}}}\n")
    ended = run(folder, "diff", "split.yaml", "main:split.yaml")
    assert "main:schemas.yaml:1:55 breaking request-property-max-length-set" in ended.output
    for side, said in (
        ("main", "main is no file; for openapi/openapi.yaml in the revision write 'git:main'"),
        ("git:main", "main has no file 'openapi/openapi.yaml'"),
        ("other:split.yaml", "there is no revision 'other'"),
        ("mian:split.yaml", "there is no revision 'mian'; nearest: main"),
        ("--upload-pack=x:split.yaml", "No such option"),
    ):
        ended = run(folder, "diff", "split.yaml", side)
        assert (ended.exit_code, said in ended.output) == (2, True), ended.output


@pytest.fixture
def repository(folder: Path) -> Path:
    """A repository with the document in a folder, links, and attributes of archives."""
    (folder / "api" / "v1").mkdir(parents=True)
    (folder / "base.yaml").rename(folder / "api" / "v1" / "doors.yaml")
    write(folder / "api" / "v1" / "broken.yaml", BASE.replace("type: object", "type: thing"))
    write(folder / "api" / "shared", "Key: {type: object, properties: {code: {type: string, maxLength: 30}}}\n")
    write(folder / "api" / "split.yaml", BASE.replace("#/components/schemas/Key", "keys.yaml#/Key"))
    (folder / "api" / "keys.yaml").symlink_to("shared")
    (folder / "api" / "latest").symlink_to("v1")
    (folder / "api" / "away.yaml").symlink_to("/etc/hostname")
    write(folder / ".gitattributes", "*.yaml export-ignore\n")
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", ".")
    _git(folder, *_SOMEBODY, "commit", "-q", "-m", "one")
    return folder


@pytest.mark.parametrize("side", ["main:api/v1/doors.yaml", "main:./api/v1/doors.yaml", "main:api/latest/doors.yaml"])
def test_a_file_of_a_revision_is_read_as_git_has_it(repository: Path, side: str) -> None:
    ended = run(repository, "diff", "api/v1/doors.yaml", side)
    assert (ended.exit_code, ended.output.splitlines()[0]) == (0, f"nothing differs: api/v1/doors.yaml → {side}")


def test_a_link_of_a_revision_leads_to_what_it_led_to_there(repository: Path) -> None:
    write(repository / "api" / "shared", "Key: {type: object, properties: {code: {type: string, maxLength: 20}}}\n")
    ended = run(repository, "diff", "main:api/split.yaml", "api/split.yaml")
    assert "request body, code: maxLength: 30 → 20" in ended.output


def test_a_link_of_a_revision_leads_out_of_it_over_no_other_link(repository: Path) -> None:
    """Each of them stays inside by its own words."""
    write(repository.parent / "secret.yaml", BASE)
    (repository / "deep" / "er").mkdir(parents=True)
    (repository / "deep" / "er" / "top").symlink_to("../..")
    (repository / "deep" / "loop").symlink_to("loop")
    (repository / "evil.yaml").symlink_to("deep/er/top/../secret.yaml")
    _git(repository, "add", ".")
    _git(repository, *_SOMEBODY, "commit", "-q", "-m", "two")
    with chdir(repository), read_revision("main", "api/v1/doors.yaml") as (root, _):
        assert not (root / "evil.yaml").is_symlink()
        assert (root / "deep" / "er" / "top").resolve() == root


def test_a_revision_whose_files_are_not_all_there_says_what_would_be_right(repository: Path) -> None:
    shared = _git(repository, "rev-parse", "main:api/shared").decode().strip()
    (repository / ".git" / "objects" / shared[:2] / shared[2:]).unlink()
    ended = run(repository, "diff", "api/v1/doors.yaml", "main:api/split.yaml")
    said = "the repository does not have all of its files: fetch them, or clone it anew"
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_path_with_a_dot_begins_in_the_working_directory(repository: Path) -> None:
    assert run(repository / "api", "diff", "v1/doors.yaml", "main:../api/./v1/doors.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("api", "'api' is a directory there; name the document in it, such as main:api/"),
        ("api/away.yaml", "'api/away.yaml' is a link there that leads out of the repository, or nowhere"),
        ("../away.yaml", "'../away.yaml' leads out of the repository"),
        ("{top}/api/v1/doors.yaml", "paths begin at the top of the repository: 'api/v1/doors.yaml'"),
        ("/etc/hostname", "'/etc/hostname' begins with a slash, but paths begin at the top of the repository"),
        ("api/v1/gone.yaml", "main has no file 'api/v1/gone.yaml'"),
        ("api/v1/broken.yaml", "Error: main:api/v1/broken.yaml: not a valid OpenAPI 3.0 document"),
    ],
)
def test_a_file_that_a_revision_does_not_have_says_what_would_be_right(repository: Path, path: str, said: str) -> None:
    ended = run(repository, "diff", "api/v1/doors.yaml", f"main:{path.format(top=repository)}")
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_profile_is_a_setting_that_no_document_shows(folder: Path) -> None:
    ended = run(folder, "diff", "current", "zitadel:v4.6", "--only", "document", "--fail-on", "risky")
    assert ended.exit_code == 1
    assert ended.stdout.startswith("1 risky: current → zitadel:v4.6")
    assert 'zitadel.zitadel_profile: "documented" → "v4.6"' in ended.output
    assert ended.stdout.splitlines()[2] == "risky setting-changed", "no file says so"


def test_a_running_server_is_a_side(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What it serves is what this version has."""
    with serving(tmp_path_factory.mktemp("served")) as served:
        ended = run(folder, "diff", served.url, "--all", "--fail-on", "harmless", "--only", "document")
    assert (ended.exit_code, ended.stdout.splitlines()[0]) == (0, f"nothing differs: current → {served.url}")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://mila:Kettle-34@127.0.0.1:1/", "the address of the server has a name or a password in it"),
        ("http://mila:Kettle-34/@127.0.0.1:1/", "its port is not a number"),
        ("http://127.0.0.1:1/?token=Kettle-34", "http://127.0.0.1:1/openapi.yaml?… cannot be reached"),
        ("http://127.0.0.1:1/api.yaml?token=Kettle 34", "http://127.0.0.1:1/api.yaml?… has a space"),
    ],
)
def test_what_may_be_a_secret_of_an_address_is_not_repeated(folder: Path, address: str, said: str) -> None:
    ended = run(folder, "diff", "base.yaml", address)
    assert (ended.exit_code, said in ended.output, "Kettle" in ended.output) == (2, True, False), ended.output


def test_a_server_that_answers_with_something_else_is_told_by_its_address(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serving(tmp_path_factory.mktemp("served")) as served:
        page = run(folder, "diff", "base.yaml", f"{served.url}/docs")
        box = run(folder, "diff", "base.yaml", f"{served.url}/~strict")
        other = run(folder, "diff", "base.yaml", f"{served.url}/__admin/version")
    whole = "is a web page; write the whole address of the document, such as"
    assert f"{served.url}/docs {whole} {served.url}/openapi.yaml" in page.output
    assert f"{served.url}/~strict {whole} {served.url}/~strict/openapi.yaml" in box.output
    assert f"Error: {served.url}/__admin/version: openapi is missing" in other.output


def test_a_report_shows_an_address_without_its_query(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    reports = ",".join(f"{form}=report.{form}" for form in ("json", "md", "html", "sarif"))
    with serving(tmp_path_factory.mktemp("served")) as served:
        ended = run(folder, "diff", "base.yaml", f"{served.url}/?token=Kettle-34", "--report", reports)
    assert ended.stdout.splitlines()[0].endswith(f"base.yaml → {served.url}/?…")
    told = [ended.output, *((folder / f"report.{form}").read_text() for form in ("json", "md", "html", "sarif"))]
    assert not any("Kettle" in one for one in told)


def _git(folder: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True).stdout  # noqa: S603, S607  # git itself
