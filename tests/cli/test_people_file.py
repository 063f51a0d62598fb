"""A team's own people: files for ``watchword serve --people``, and their schema."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from tests.cli.commands import refused, run, write
from tests.serving import Served, serving

pytestmark = pytest.mark.usefixtures("logging_as_before")

PASSWORD = "Quiet-River-42!"  # of a test
TEAM = f"""
people:
  - {{system: weavr_multi, name: alice, like: hilda}}
  - system: weavr_multi
    name: bob
    login: bob@acme.example
    password: {PASSWORD}
    situations: [with-history]
    programme: {{name: acme}}
  - system: zitadel
    name: carol
    password: {PASSWORD}
    organisation: {{name: Castle, complexity: {{min_length: 10}}}}
"""
MACHINES = '{"people": [{"system": "zitadel", "name": "dave", "situations": ["machine"], "organisation": "Castle"}]}'


def send(served: Served, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """Send a request; give the status and the body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  # our own server
        served.url + path, data, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # our own server
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or "null")


def test_every_sandbox_starts_with_the_people_of_all_files(tmp_path: Path) -> None:
    files = [write(tmp_path / "team.yaml", TEAM), write(tmp_path / "machines.json", MACHINES)]
    with serving(tmp_path, "--people", files[0], "--people", files[1]) as served:
        for sandbox in ("", "/~other"):
            found = send(served, "GET", f"{sandbox}/__admin/people")[1]["people"]
            assert [one["name"] for one in found if one["made"]] == ["alice", "bob", "carol", "dave"]
        bob = next(one for one in found if one["name"] == "bob")
        body = {"email": "bob@acme.example", "password": {"value": PASSWORD}}
        assert send(served, "POST", "/multi/login_with_password", body, bob["headers"])[0] == 200
        send(served, "DELETE", "/__admin/people/weavr_multi/bob")
        assert send(served, "POST", "/multi/login_with_password", body, bob["headers"])[0] == 403
        send(served, "POST", "/__admin/reset")
        assert send(served, "POST", "/multi/login_with_password", body, bob["headers"])[0] == 200
    assert PASSWORD not in served.log.read_text(encoding="utf-8")


def test_a_password_that_is_no_longer_known_is_listed_as_set(tmp_path: Path) -> None:
    file = write(tmp_path / "team.yaml", TEAM)
    with serving(tmp_path, "--people", file) as served:
        listed = run(tmp_path, "people", "--url", served.url, "--system", "weavr_multi").stdout
    assert "login bob@acme.example   password (set, and stored as a hash)" in listed
    assert "login basil@multi.example   password (none)" in listed


def test_people_of_files_are_persisted_as_hashes_and_made_ones_come_back(tmp_path: Path) -> None:
    file, data = write(tmp_path / "team.yaml", TEAM), str(tmp_path / "data")
    with serving(tmp_path, "--people", file, "--data", data) as served:
        wish = {"system": "entrust", "name": "erin", "password": "Tall+Ship+5519", "situations": ["expired"]}
        made = send(served, "POST", "/__admin/people", wish)
        assert made[0] == 201
    with serving(tmp_path, "--data", data) as served:
        assert send(served, "GET", "/__admin/people/entrust/erin")[1] == made[1]
        assert send(served, "GET", "/__admin/people/weavr_multi/alice")[0] == 200
        send(served, "POST", "/__admin/reset")
        assert send(served, "GET", "/__admin/people/weavr_multi/alice")[0] == 404
    stored = b"".join(one.read_bytes() for one in Path(data).iterdir() if one.is_file())
    assert PASSWORD.encode() not in stored
    assert b"Tall+Ship+5519" not in stored


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people: {", "team.yaml"),
        ("", "team.yaml: the file is empty; it must have people: a list in which each person is what POST"),
        ("# later", "team.yaml: the file is empty; it must have people: a list"),
        ("- alice", "team.yaml:1:1: the whole file: must have people: a list"),
        ("people:", "team.yaml:1:1: people: must be a list in which each person is what POST /__admin/people takes."),
        ("people:\n- {system: weavr_multi,\n   name: x, like: adda}", "team.yaml:3:13: people.0.like: there is no"),
        ("people:\n- name: x\n  system: weavr", "team.yaml:3:3: people.0.system: must be one of"),
        ("people:\n- name: mini\n  system: zitadel", "team.yaml:2:3: people.0.name: somebody of zitadel"),
        ("people:\n- name: x\n\n- name: x", "team.yaml:2:3: people.0.system: is required"),
        (
            "people: [{system: zitadel, nam: x}, {system: weavr, name: y}]",
            "people.0.name: is required. team.yaml:1:28: people.0.nam: is not known here; there are: like, login,",
        ),
        (f"people: [{', '.join(['{}'] * 30)}]", "people.4.name: is required. And 50 more"),
        ("people: [{system: zitadel}]", "people.0.name: is required"),
        ("people: [{system: weavr, name: x}]", "people.0.system: must be one of"),
        (
            "people: [{system: zitadel, name: x}, {system: weavr_multi, name: y, situations: [locked, invitd]}]",
            'people.1.situations.1: must be one of ["invited",',
        ),
        ("people: [{system: zitadel, name: x, pasword: y}]", "people.0.pasword: is not known here"),
        ("people: [{system: zitadel, name: x, password: short}]", "people.0.password: the organisation wants 8 bytes"),
        ("people: [{system: weavr_multi, name: x, password: short}]", "this one is too short."),
        ("people: [{system: zitadel, name: mini}]", "people.0.name: somebody of zitadel is called 'mini' already"),
        (
            "people: [{system: entrust, name: a, login: b}, {system: entrust, name: b, login: B}]",
            "people.1.login: somebody has this user ID already",
        ),
        (
            "people: [{system: entrust, name: x, programme: main}]",
            "people.0.programme: people of this system have none",
        ),
        (
            "people: [{system: zitadel, name: x, organisation: {name: Castle, complexity: {min_length: 0}}}]",
            "people.0.organisation.complexity.min_length: must be at least 1",
        ),
        (
            "people: [{system: zitadel, name: x, organisation: [Castle]}]",
            "people.0.organisation: must be the name of an organisation, or describe a new one",
        ),
    ],
)
def test_a_file_that_cannot_be_used_refuses_the_start(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path / "team.yaml", text)
    result = refused(tmp_path, "--people", "team.yaml")
    assert result.exit_code == 2
    told = " ".join(result.stderr.split())
    assert "--people" in told
    assert said in told
    assert "short" not in told or "too short" in told
    assert ".." not in told


def test_a_file_that_is_missing_refuses_the_start(tmp_path: Path) -> None:
    assert refused(tmp_path, "--people", "nowhere.yaml").exit_code == 2


def test_the_exported_schema_accepts_what_serve_accepts_and_no_more(tmp_path: Path) -> None:
    schema = json.loads(run(tmp_path, "export", "people-schema").stdout)
    judge = jsonschema_rs.Draft202012Validator(schema)
    assert judge.is_valid(yaml.safe_load(TEAM))
    assert judge.is_valid(json.loads(MACHINES))
    assert not judge.is_valid({"people": [{"system": "weavr", "name": "x"}]})
    assert not judge.is_valid({"people": [{"system": "zitadel", "name": "x", "pasword": "y"}]})
