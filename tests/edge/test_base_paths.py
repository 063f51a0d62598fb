"""Vendor base paths: the same operations, further up."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import Toy, ask, built
from watchword.system import Answer, Call

PATHS = """
  /passwords/{id}/create:
    servers: [{url: /}, {url: /multi}]
    parameters: [{in: path, name: id, required: true, schema: {type: string}}]
    post: {operationId: toy.create, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
  /logout:
    post:
      operationId: toy.logout
      servers: [{url: /multi/}, {url: /api/v1}]
      responses: {'200': {description: x, content: {application/json: {schema: {}}}}}
  /login:
    x-base-paths: [/multi, /api/v1/]
    post: {operationId: toy.login, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
  /health:
    get: {operationId: toy.health, responses: {'200': {description: x, content: {application/json: {schema: {}}}}}}
"""


def told(call: Call) -> Answer:
    assert call.operation is not None
    return Answer(200, [call.operation.id, call.path.get("id")])


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, PATHS, handlers=SimpleNamespace(create=told, logout=told, login=told, health=told))


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("POST", "/passwords/7/create", ["toy.create", "7"]),
        ("POST", "/multi/passwords/7/create", ["toy.create", "7"]),
        ("POST", "/logout", ["toy.logout", None]),
        ("POST", "/multi/logout", ["toy.logout", None]),
        ("POST", "/api/v1/logout", ["toy.logout", None]),
        ("POST", "/login", ["toy.login", None]),
        ("POST", "/multi/login", ["toy.login", None]),
        ("POST", "/api/v1/login", ["toy.login", None]),
        ("GET", "/health", ["toy.health", None]),
        ("GET", "/multi/health", ["toy.health", None]),
        ("POST", "/~box/multi/logout", ["toy.logout", None]),
    ],
)
def test_an_operation_is_served_under_each_of_its_bases(
    server: Toy, method: str, path: str, answer: list[str | None]
) -> None:
    assert ask(server, method, path).json == answer


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/health",
        "/api/v1/passwords/7/create",
        "/multi/multi/logout",
        "/multilogout",
        "/multi",
        "/multi/",
        "/multi/logout/",
        "/MULTI/logout",
    ],
)
def test_other_paths_under_a_base_are_unknown(server: Toy, path: str) -> None:
    assert ask(server, "POST", path).status == 404


def test_a_wrong_method_is_one_under_a_base_too(server: Toy) -> None:
    reply = ask(server, "GET", "/multi/logout")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/multi/logout", "/logout"),
        ("/api/v1/health", "/api/v1/health"),
        ("/multi/multi/logout", "/multi/multi/logout"),
        ("/logout", "/logout"),
    ],
)
def test_a_base_is_taken_off_once_and_only_where_the_rest_is_served(server: Toy, path: str, rest: str) -> None:
    base_paths = server.served_api.base_paths
    assert base_paths.strip(path) == rest


ANSWER = "responses: {'200': {description: x, content: {application/json: {schema: {}}}}}"
SERVERS = f"""
  /users:
    get: {{operationId: toy.users, {ANSWER}}}
  /v1/logout:
    post: {{operationId: toy.logout, {ANSWER}}}
  /logout:
    post: {{operationId: doll.logout, tags: [doll], servers: [{{url: /v1}}], {ANSWER}}}
  /dress:
    get: {{operationId: doll.dress, tags: [doll], {ANSWER}}}
"""


@pytest.mark.parametrize(
    ("url", "variables", "paths"),
    [
        ("https://api.example.com/v1", {}, ["/v1/users"]),
        ("//api.example.com/v1/", {}, ["/v1/users"]),
        ("v1", {}, ["/v1/users"]),
        ("https://{host}:8443/{base}/api", {"host": {"default": "x"}, "base": {"default": "v2"}}, ["/v2/api/users"]),
        ("/{base}", {"base": {"default": "v1", "enum": ["v1", "v2"]}}, ["/v1/users", "/v2/users"]),
        ("https://api.example.com", {}, ["/users"]),
    ],
)
def test_the_path_of_every_server_of_the_document_is_a_base(
    tmp_path: Path, url: str, variables: dict[str, Any], paths: list[str]
) -> None:
    servers = json.dumps([{"url": url, "variables": variables}])
    server = built(tmp_path, f"{SERVERS}servers: {servers}\n", handlers=SimpleNamespace(users=told, logout=told))
    for path in (*paths, "/users"):
        assert ask(server, "GET", path).json == ["toy.users", None]


def test_a_path_of_its_own_comes_before_a_base(tmp_path: Path) -> None:
    server = built(tmp_path, SERVERS, handlers=SimpleNamespace(logout=told))
    assert ask(server, "POST", "/v1/logout").json == ["toy.logout", None]
    assert ask(server, "POST", "/logout").headers["watchword-answer"] == "example"


def test_an_operation_that_does_not_say_where_inherits_the_bases_of_its_system(tmp_path: Path) -> None:
    server = built(tmp_path, SERVERS)
    assert ask(server, "GET", "/v1/dress").status == 200
    assert ask(server, "GET", "/v1/users").status == 404
    assert server.served_api.nearest.to("/v1/dres")[0].id == "doll.dress"
