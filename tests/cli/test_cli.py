"""The command line: its output, its errors and its exit codes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

from tests.cli.commands import read_banner, run, start, write
from tests.client import Api
from tests.serving import PATIENCE_SECONDS, serving
from watchword import __version__
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.domain.rule import Grade

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_help_and_version_need_no_configuration(tmp_path: Path) -> None:
    assert "serve" in run(tmp_path, "--help").output
    assert run(tmp_path, "--version").output == f"watchword, version {__version__}\n"


def test_the_help_of_serve_names_environment_variables(tmp_path: Path) -> None:
    text = run(tmp_path, "serve", "--help").output
    for variable in ("WATCHWORD_PORT", "WATCHWORD_HASHING", "WATCHWORD_SEED", "WATCHWORD_MAX_BODY"):
        assert variable in text


@pytest.mark.parametrize("system", SYSTEM_NAMES)
def test_the_people_of_one_system_are_listed_with_their_headers(tmp_path: Path, system: str) -> None:
    people = json.loads(run(tmp_path, "people", "--system", system, "--json").stdout)
    assert people
    assert {one["system"] for one in people} == {system}
    assert all(one["why"] and one["name"] for one in people)
    text = run(tmp_path, "people", "--system", system).stdout
    for one in people:
        assert f"{system}  {one['name']}  [" in text
        assert all(f"    {name}: {value}" in text for name, value in one["headers"].items())


def test_people_of_a_sandbox_without_a_server_are_refused(tmp_path: Path) -> None:
    refused = run(tmp_path, "people", "--sandbox", "nowhere")
    assert (refused.exit_code, "--sandbox needs --url" in refused.output) == (2, True)


def test_without_a_system_the_people_of_all_systems_are_listed(tmp_path: Path) -> None:
    assert {one["system"] for one in json.loads(run(tmp_path, "people", "--json").stdout)} == set(SYSTEM_NAMES)


@pytest.mark.parametrize("system", SYSTEM_NAMES)
def test_rules_are_listed_with_grade_source_and_operations(tmp_path: Path, system: str) -> None:
    rules = json.loads(run(tmp_path, "rules", "--system", system, "--json").stdout)
    assert rules
    for rule in rules:
        assert rule["grade"] in set(Grade)
        assert rule["sentence"].endswith(".")
        assert rule["source"]
        assert any(operation.startswith(f"{system}.") for operation in rule["operations"])
    text = run(tmp_path, "rules", "--system", system).stdout
    for rule in rules:
        cases = ", ".join(f"{release}: {number}" for release, number in rule["cases"].items())
        grade = f"{rule['grade']} ({cases})" if cases else rule["grade"]
        assert f"{rule['id']}  ({grade}: {rule['source']})" in text


def test_the_list_of_rules_is_the_one_of_the_control_api(tmp_path: Path, api: Api) -> None:
    assert json.loads(run(tmp_path, "rules", "--json").stdout) == api.call("admin.rules").body["rules"]


def test_the_exported_document_is_the_same_in_yaml_and_json(tmp_path: Path) -> None:
    as_yaml = yaml.safe_load(run(tmp_path, "export", "openapi").stdout)
    as_json = json.loads(run(tmp_path, "export", "openapi", "--format", "json").stdout)
    assert as_yaml == as_json
    assert as_json["openapi"] == "3.0.3"


@pytest.mark.parametrize("system", SYSTEM_NAMES)
def test_a_single_system_can_be_exported(tmp_path: Path, system: str) -> None:
    document = json.loads(run(tmp_path, "export", "openapi", "--system", system, "--format", "json").stdout)
    assert [tag["name"] for tag in document["tags"]] == [system]
    assert document["paths"]


def test_the_document_of_one_system_speaks_of_that_system_alone(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "export", "openapi", "--system", "weavr_multi", "--format", "json").stdout)
    assert (document["info"]["title"], document["info"]["version"]) == ("Watchword: Weavr Multi", "3.63.5")
    assert "Weavr Multi API 3.63.5" in document["info"]["description"]
    assert "weavr.io" in document["externalDocs"]["url"]


def test_the_strict_form_can_be_exported(tmp_path: Path) -> None:
    exported = run(tmp_path, "export", "openapi", "--system", "entrust", "--closed", "--format", "json").stdout
    document = json.loads(exported)
    settings = document["components"]["schemas"]["EntrustUserPasswordSettings"]
    assert settings["additionalProperties"] is False
    assert set(settings["required"]) == set(settings["properties"])


def test_the_document_can_be_exported_to_a_file(tmp_path: Path) -> None:
    result = run(tmp_path, "export", "openapi", "--output", "all.yaml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert yaml.safe_load((tmp_path / "all.yaml").read_text(encoding="utf-8"))["openapi"] == "3.0.3"


UPDATE = "overlay: 1.0.0\nactions: [{target: $, update:"
FINE = "responses: {'200': {description: Fine.}}"
MUTUAL = "{allOf: [{$ref: '#/components/schemas/%s'}]}"
BOMB = "a{0}: &a{0} [{1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}]\n"

OVERLAY = """
overlay: 1.0.0
actions:
  - target: $.paths
    update: {/weather: {get: {responses: {200: {description: Fine.}}}}}
"""


@pytest.mark.parametrize(
    ("words", "env", "files", "messages"),
    [
        (["--port", "99999"], {}, {}, ["'--port'", "99999 is not in the range"]),
        ([], {"WATCHWORD_PORT": "many"}, {}, ["'many' is not a whole number", "(from WATCHWORD_PORT)"]),
        ([], {}, {"watchword.toml": "port = 'few'"}, ["'few' is not a whole number", "watchword.toml)"]),
        ([], {}, {"watchword.toml": "port = 7071.5"}, ["'7071.5' is not a whole number", "watchword.toml)"]),
        ([], {}, {"watchword.toml": "port = true"}, ["'True' is not a whole number", "watchword.toml)"]),
        ([], {}, {"watchword.toml": "prot = 1"}, ["watchword.toml: 'prot' is not a setting. There are: ", "port_file"]),
        ([], {}, {"watchword.toml": "port ="}, ["watchword.toml: Invalid value"]),
        ([], {}, {"watchword.toml": "settings = 5"}, ["watchword.toml: settings must be tables, one for each system"]),
        (
            [],
            {},
            {"watchword.toml": "[settings.zitadel]\nmaintenance = 'perhaps'"},
            ["watchword.toml: zitadel.maintenance: 'perhaps' must be true or false."],
        ),
        (["--hashing", "md5"], {}, {}, ["'--hashing'", "'md5' is not one of 'owasp', 'rfc9106', 'fast'"]),
        (["--seed", "x"], {}, {}, ["'--seed'", "'x' is not a whole number"]),
        (["--overlay", "missing.yaml"], {}, {}, ["'--overlay'", "'missing.yaml' does not exist"]),
        (["--overlay", "o.yaml"], {}, {"o.yaml": "a: 1"}, ["--overlay: o.yaml: an overlay starts with"]),
        (
            [],
            {"WATCHWORD_OVERLAY": "o.yaml"},
            {"o.yaml": "overlay: 1.0.0\nactions: [{target: '$.paths[', remove: true}]"},
            ["WATCHWORD_OVERLAY: o.yaml:2:12: action 1: target '$.paths['"],
        ),
        (
            ["--overlay", "o.yaml"],
            {},
            {"o.yaml": "overlay: 1.0.0\nactions: [{target: $.paths, update: {/x: 5}}]"},
            ["openapi.yaml with o.yaml: not a valid OpenAPI 3.0 document", "paths//x: 5 is not of type"],
        ),
        (
            ["--overlay", "o.yaml"],
            {},
            {"o.yaml": f"{UPDATE} {{paths: {{/x: {{get: {{security: [{{nosuch: []}}], {FINE}}}}}}}}}}}]"},
            ["'nosuch' is not in components/securitySchemes; there are: accessToken, api-key, apiKey,"],
        ),
        (
            ["--overlay", "o.yaml"],
            {},
            {"o.yaml": f"{UPDATE} {{components: {{schemas: {{A: {MUTUAL % 'B'}, B: {MUTUAL % 'A'}}}}}}}}}]"},
            ["components/schemas/A: contains itself, so that nothing can fit it: A → B → A"],
        ),
        (
            ["--overlay", "o.yaml"],
            {},
            {"o.yaml": "a0: &a0 [1, 1]\n" + "".join(BOMB.format(n, f"*a{n - 1}") for n in range(1, 20))},
            ["o.yaml: its aliases repeat more than 500,000 values"],
        ),
        (["--overlay", "o.yaml"], {}, {"o.yaml": f"{UPDATE} {'{a: ' * 400}1{'}' * 400}}}]"}, ["nested more than 200"]),
        (["--set", "zitadel"], {}, {}, ["--set: 'zitadel': write SYSTEM.NAME=VALUE, for example"]),
        (["--set", "zitadl.maintenance=1"], {}, {}, ["--set: 'zitadl' is not a system. There are: weavr_multi, "]),
        (["--set", "zitadel.nothing=1"], {}, {}, ["--set: zitadel.nothing: there is no such setting. There are: "]),
        ([], {"WATCHWORD_SET": "entrust.failing=x"}, {}, ["WATCHWORD_SET: entrust.failing: 'x' must be true or"]),
        (
            [],
            {"WATCHWORD_SET": 'zitadel.maintenance=true\nentrust.password={"nothing": 1}'},
            {},
            ["WATCHWORD_SET: entrust.password.nothing"],
        ),
        ([], {}, {"watchword.toml": "portal_url = 'localhost'"}, ["watchword.toml: weavr_multi.portal_url"]),
        (["--host", "no such host"], {}, {}, ["--host"]),
        (["--zitadel-profile", "v1"], {}, {}, ["--zitadel-profile: zitadel.", "'v1' must be 'documented', "]),
        (["--portal-url", "localhost"], {}, {}, ["weavr_multi.portal_url: 'localhost' must be an http or https"]),
        (["--portal-url", "zitadl=http://x"], {}, {}, ["--portal-url: 'zitadl' is not a system"]),
        (["--port-file", "no/folder/port"], {}, {}, ["'--port-file'", "'no/folder' is not a directory"]),
        (["--body-timeout", "0"], {}, {}, ["'--body-timeout'", "'0' is too short: at least 0.01 s"]),
        (["--sandbox-ttl", "soon"], {}, {}, ["'soon' is not a duration: write 250ms, 5s, 61m, 12h, 7d or as in ISO"]),
        ([], {}, {"watchword.toml": "sandbox_ttl = 'P1M'"}, ["'P1M' is not a duration", "watchword.toml)"]),
        (
            ["--set", "weavr_multi.password_token_lifetime=soon"],
            {},
            {},
            ["--set: weavr_multi.password_token_lifetime: 'soon' is not a duration: write 250ms"],
        ),
        (["--host", "no such host", "--port", "0"], {}, {}, ["cannot listen on no such host:0"]),
        (["--mutant", "weavr.nonce.lifetime/lost"], {}, {}, ["--mutant: There is no mutant 'weavr"]),
        (["--public-url", "localhost"], {}, {}, ["'localhost' is not an address such as https://test.example/watchword"]),
        (["--nonsense"], {}, {}, ["No such option", "--nonsense"]),
    ],
)  # fmt: skip
def test_an_invalid_value_ends_serve_with_exit_code_2_and_its_source(
    tmp_path: Path, words: list[str], env: dict[str, str], files: dict[str, str], messages: list[str]
) -> None:
    for name, text in files.items():
        write(tmp_path / name, text)
    result = run(tmp_path, "serve", *words, env=env)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    for message in messages:
        assert message in " ".join(result.output.split())


def test_mutants_are_listed_by_how_their_ids_begin(tmp_path: Path) -> None:
    shown = run(tmp_path, "mutants", "weavr.nonce.lifetime")
    assert shown.exit_code == 0
    assert "weavr.nonce.lifetime/gone  (gone)\n    The rule is gone.\n" in shown.output
    assert all(
        one["subject"] == "weavr.nonce.lifetime"
        for one in json.loads(run(tmp_path, "mutants", "weavr.nonce.lifetime", "--json").output)
    )


def test_mutants_are_listed_by_patterns_each_of_which_has_to_fit_some(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "mutants", "weavr.nonce.*/gone", "weavr.login.locked", "--json").output)
    assert {one["subject"] for one in found} >= {"weavr.nonce.lifetime", "weavr.nonce.single", "weavr.login.locked"}
    refused = run(tmp_path, "mutants", "weavr.nonce.*", "weavr.nonse")
    assert refused.exit_code == 2
    assert "There is no mutant like 'weavr.nonse'; nearest: weavr.nonce." in refused.output


@pytest.mark.parametrize(
    ("before", "behind"), [(("mutants",), ()), (("mutate", "--mutants"), ("--", "touch", "ran"))], ids=str
)
@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("weavr.password.history/goen", "nearest: weavr.password.history/gone, "),
        ("*histroy*", "nearest: entrust.history."),
        ("x*", "they begin with: entrust, weavr, weavr_multi, weavr_payment_run, zitadel."),
    ],
)
def test_a_pattern_that_fits_no_mutant_is_refused_with_those_that_are_near(
    tmp_path: Path, before: tuple[str, ...], behind: tuple[str, ...], pattern: str, said: str
) -> None:
    refused = run(tmp_path, *before, pattern, *behind)
    assert refused.exit_code == 2
    assert f"There is no mutant like {pattern!r}; {said}" in refused.output
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("pattern", "counted"),
    [("weavr.nonce.lifetime/gone", "1 mutant of 1 rule or operation."), ("*/gone", " rules and operations.")],
)
def test_the_last_line_of_mutants_counts_them(tmp_path: Path, pattern: str, counted: str) -> None:
    assert run(tmp_path, "mutants", pattern).output.splitlines()[-1].endswith(counted)


@pytest.mark.parametrize("words", [("mutants", ""), ("mutate", "--mutants", "", "--", "true")])
def test_a_pattern_that_a_variable_was_to_fill_does_not_stand_for_all_mutants(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    refused = run(tmp_path, *words)
    assert (refused.exit_code, "leave it out for all" in refused.output) == (2, True)


@pytest.mark.parametrize("words", [("exec", "--min-coverage"), ("mutate", "--min-noticed")])
def test_what_is_no_number_is_no_percentage(tmp_path: Path, words: tuple[str, str]) -> None:
    refused = run(tmp_path, *words, "nan", "--", "true")
    assert (refused.exit_code, "'nan' is not a number from 0 to 100" in refused.output) == (2, True)


@pytest.mark.parametrize("words", [("lint", "--no-spectral"), ("diff", "--only", "document")])
def test_a_report_is_written_although_nobody_reads_what_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: [{target: $.info, update: {title: Other}}]\n"
    )
    nobody, told = os.pipe()
    os.close(nobody)
    command = [sys.executable, "-m", "watchword", *words, "--overlay", "overlay.yaml", "--report", "json=found.json"]
    try:
        ended = subprocess.run(command, cwd=tmp_path, stdout=told, stderr=subprocess.PIPE, check=False)  # noqa: S603
    finally:
        os.close(told)
    assert (ended.returncode, ended.stderr) == (141, b"")
    assert json.loads((tmp_path / "found.json").read_text())


def test_a_pattern_of_mutants_that_a_system_does_not_show_is_refused(tmp_path: Path) -> None:
    refused = run(tmp_path, "mutants", "weavr.nonce.*", "--system", "entrust")
    assert refused.exit_code == 2
    assert "There is no mutant like 'weavr.nonce.*' that entrust shows" in refused.output


def test_a_port_in_use_is_reported_with_its_source(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        by_flag = run(tmp_path, "serve", "--port", port)
        by_variable = run(tmp_path, "serve", env={"WATCHWORD_PORT": port})
    for result, source in ((by_flag, "--port"), (by_variable, "WATCHWORD_PORT")):
        assert result.exit_code == 2
        assert f"{source}: cannot listen on 127.0.0.1:{port}: Address already in use" in result.output


def test_an_invalid_document_ends_a_command_with_exit_code_2(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", "overlay: 1.0.0\nactions: [{target: $.paths, remove: true}]")
    result = run(tmp_path, "export", "openapi", "--overlay", overlay)
    assert result.exit_code == 2
    assert "not a valid OpenAPI 3.0 document" in result.output


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_stops_the_server_without_an_error_message(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with start(tmp_path, "serve", "--port", "0", "--hashing", "fast") as process:
        read_banner(process)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (code, "")


def test_a_request_that_waits_for_a_mail_is_answered_when_the_server_stops(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(httpx.get, f"{server.url}/~waiting/__admin/inbox?wait=30s", timeout=60)
        # The sandbox exists once the request has arrived.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "waiting" not in httpx.get(f"{server.url}/__admin/sandboxes").text:
            assert time.monotonic() < deadline
        server.process.terminate()
        assert waiting.result().json() == {"messages": []}
        assert server.process.wait(30) == 0


PRINT_GC_AT_EXIT = """
import atexit, gc, runpy, sys
atexit.register(lambda: print("GC", gc.isenabled(), gc.get_freeze_count(), file=sys.stderr))
sys.argv[0] = "watchword"
runpy.run_module("watchword", run_name="__main__")
"""


def test_the_garbage_collector_is_on_but_does_not_visit_objects_of_the_start(tmp_path: Path) -> None:
    with serving(tmp_path, program=(sys.executable, "-c", PRINT_GC_AT_EXIT)) as server:
        pass
    (line,) = [line for line in server.log.read_text().splitlines() if line.startswith("GC")]
    _, enabled, frozen = line.split()
    assert enabled == "True"
    assert int(frozen) > 100_000


def test_an_invalid_flag_ends_the_process_with_exit_code_2(tmp_path: Path) -> None:
    with start(tmp_path, "serve", "--port", "99999") as process:
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "")
    assert errors.startswith("Usage: watchword serve [OPTIONS]")


def test_the_addresses_and_commands_of_the_banner_work(tmp_path: Path) -> None:
    with start(tmp_path, "serve", "--port", "0", "--hashing", "fast") as process:
        text = read_banner(process)
        (url,) = re.findall(r"listens on (http://127\.0\.0\.1:\d+)$", text, re.MULTILINE)
        commands = [line.strip() for line in text.splitlines() if line.startswith("  curl ")]
        assert len(commands) == len(SYSTEM_NAMES)
        for command in commands:
            answer = subprocess.run(["sh", "-c", f"{command} --fail"], capture_output=True, check=True)  # noqa: S603, S607
            assert json.loads(answer.stdout)
        for path in re.findall(rf"{url}(/\S*)", "\n".join(text.splitlines()[-3:])):
            assert httpx.get(f"{url}{path}", follow_redirects=True).status_code == 200
    assert "\x1b" not in text


def test_port_0_is_any_free_port_and_is_written_to_the_port_file(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert (tmp_path / "port").read_text() == f"{server.port}\n"
        assert httpx.get(f"{server.url}/openapi.json").status_code == 200
        assert sorted(path.name for path in tmp_path.iterdir()) == ["port", "server.log"]


def test_flags_change_the_server(tmp_path: Path) -> None:
    overlay = write(tmp_path / "overlay.yaml", OVERLAY)
    flags = ["--disable-admin-api", "--no-cors", "--no-extra-headers", "--max-body", "10", "--max-sandboxes", "2"]
    with serving(tmp_path, "--overlay", overlay, "--set", "zitadel.maintenance=true", *flags) as server:
        assert httpx.get(f"{server.url}/__admin/people").status_code == 404
        weather = httpx.get(f"{server.url}/weather", headers={"Origin": "http://a.example"})
        assert weather.status_code == 200
        assert [name for name in weather.headers if name.startswith(("watchword", "access-control"))] == []
        assert httpx.post(f"{server.url}/v2/users/1/password", json={}).status_code == 503
        assert httpx.post(f"{server.url}/login_with_password", content=b"x" * 11).status_code == 413
        # A sandbox that was never written to makes room for another one, so each of these is written to.
        people = json.loads(run(tmp_path, "people", "--system", "weavr_multi", "--json").stdout)
        ada = next(one["headers"] for one in people if one["name"] == "ada")
        codes = [httpx.post(f"{server.url}/~{name}/multi/logout", headers=ada).status_code for name in "abc"]
        assert codes == [204, 503, 503]


def test_a_portal_with_a_hash_router_is_linked_in_mails(tmp_path: Path) -> None:
    with serving(tmp_path, "--portal-url", "http://localhost:5173/#") as server:
        people = httpx.get(f"{server.url}/__admin/people?system=weavr_multi").json()["people"]
        ada = next(one for one in people if one["name"] == "ada")
        body = {"email": ada["login"]}
        httpx.post(f"{server.url}/multi/passwords/lost_password/start", json=body, headers=ada["headers"])
        (message,) = httpx.get(f"{server.url}/__admin/inbox").json()["messages"]
    assert message["links"][0].startswith("http://localhost:5173/#/")


def test_the_log_has_no_secrets(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        body = {"email": "ada@multi.example", "password": {"value": "Correct-horse-7"}}
        httpx.post(f"{server.url}/login_with_password?token=Correct-horse-8", json=body, headers={"api-key": "Horse-9"})
        log = server.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["message"] for line in lines if line.get("operation") == "weavr_multi.login_with_password"]
    assert re.search("orse-[789]", log) is None


def test_an_unknown_variable_causes_a_warning_and_is_ignored(tmp_path: Path) -> None:
    result = run(tmp_path, "serve", "--port", "99999", env={"WATCHWORD_PROT": "1"})
    assert result.exit_code == 2
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        result = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]), env={"WATCHWORD_PROT": "1"})
    assert " WARNING: The environment variable WATCHWORD_PROT is not a setting and is ignored.\n" in result.output


def test_listening_for_other_machines_causes_a_warning(tmp_path: Path) -> None:
    with start(tmp_path, "serve", "--port", "0", "--host", "0.0.0.0", "--hashing", "fast") as process:  # noqa: S104
        read_banner(process)
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert re.match("[0-9:]{8} WARNING: Listening on 0.0.0.0, so other machines can reach this server.", errors)


def test_over_a_socket_every_answer_has_a_date_and_varies_by_origin(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for path in ("/openapi.json", "/nothing", "/__admin/health"):
            without = httpx.get(f"{server.url}{path}")
            named = httpx.get(f"{server.url}{path}", headers={"Origin": server.url})
            assert without.headers["date"]
            assert (without.headers["vary"], named.headers["vary"]) == ("Origin", "Origin")
            assert named.headers["access-control-allow-origin"] == server.url
            assert "access-control-allow-origin" not in without.headers
            assert httpx.head(f"{server.url}{path}").content == b""
