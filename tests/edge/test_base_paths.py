"""Vendor base paths: the same operations, further up."""

from pathlib import Path
from types import SimpleNamespace

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
        "/multi/health",
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
        ("/multi/health", "/multi/health"),
        ("/multi/multi/logout", "/multi/multi/logout"),
        ("/logout", "/logout"),
    ],
)
def test_a_base_is_taken_off_once_and_only_where_the_rest_is_served(server: Toy, path: str, rest: str) -> None:
    base_paths = server.served_api.base_paths
    assert base_paths.strip(path) == rest
