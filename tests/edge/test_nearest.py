"""What exists near a path or method that does not."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.toy import Toy, api_of, ask, served, toy

ANSWER = "responses: {'200': {description: x}}"
PATHS = f"""
  /users/{{id}}/password:
    servers: [{{url: /}}, {{url: /v1}}]
    parameters: [{{in: path, name: id, required: true, schema: {{type: string}}}}]
    get: {{operationId: toy.get_password, {ANSWER}}}
    put: {{operationId: toy.put_password, {ANSWER}}}
  /users/me/password:
    delete: {{operationId: toy.forget, {ANSWER}}}
  /users:
    get: {{operationId: toy.users, {ANSWER}}}
  /dolls/dress:
    post: {{operationId: doll.dress, {ANSWER}}}
"""


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    doll = toy(name="doll", title="Doll", handlers=SimpleNamespace())
    return served(api_of(tmp_path, PATHS, toy(), others=[doll]))


@pytest.mark.parametrize(
    ("path", "best"),
    [
        ("/users/7/passwords", "/users/{id}/password"),
        ("/users/7/password/", "/users/{id}/password"),
        ("/v1/users/7/pasword", "/users/{id}/password"),
        ("/user", "/users"),
        ("/dolls/undress", "/dolls/dress"),
    ],
)
def test_the_operation_that_was_probably_meant_comes_first(server: Toy, path: str, best: str) -> None:
    assert server.served_api.nearest.to(path)[0].path == best


def test_operations_of_one_system_alone_are_named(server: Toy) -> None:
    assert {one.system for one in server.served_api.nearest.to("/dolls/undress")} == {"doll"}
    assert {one.system for one in server.served_api.nearest.to("/users/7/passwords")} == {"toy"}


def test_no_more_than_asked_for_are_named(server: Toy) -> None:
    assert len(server.served_api.nearest.to("/users", most=2)) == 2


def test_without_operations_nothing_is_near(tmp_path: Path) -> None:
    empty = served(api_of(tmp_path, "  {}", toy()))
    assert empty.served_api.nearest.to("/users") == ()
    assert ask(empty, "GET", "/users").json == {
        "toy": "unknown-path",
        "says": "There is no GET /users here. Nearest: nothing.",
    }


def test_an_unknown_path_is_404_and_what_is_near_is_named(server: Toy) -> None:
    reply = ask(server, "GET", "/users/7/passwords")
    assert (reply.status, reply.json["toy"]) == (404, "unknown-path")
    assert "GET /users/{id}/password, PUT /users/{id}/password" in reply.json["says"]


@pytest.mark.parametrize("path", ["/", "//", "/users//password", "/users/7/8/password", "/users%2F7/password"])
def test_odd_paths_are_unknown_and_no_crash(server: Toy, path: str) -> None:
    assert ask(server, "GET", path).status == 404


def test_a_path_is_not_redirected_to_another(server: Toy) -> None:
    assert ask(server, "GET", "/users/").status == 404


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/users/7/password", "GET, HEAD, PUT"),
        ("/dolls/dress", "POST"),
        ("/users/me/password", "DELETE, GET, HEAD, PUT"),
    ],
)
def test_a_wrong_method_is_405_and_the_right_ones_are_allowed(server: Toy, path: str, allow: str) -> None:
    reply = ask(server, "PATCH", path)
    assert (reply.status, reply.json["toy"]) == (405, "wrong-method")
    assert reply.headers["allow"] == allow


def test_the_allowed_methods_are_the_ones_that_work(server: Toy) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert ask(server, method, "/users/me/password").status == 200


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "BREW", "get"])
def test_an_unheard_of_method_is_405(server: Toy, method: str) -> None:
    assert ask(server, method, "/users").status == 405


EMPTY = f"""
  /users/{{id}}:
    parameters: [{{in: path, name: id, required: true, schema: {{type: string}}}}]
    get: {{operationId: toy.get_user, {ANSWER}}}
  /dolls/{{id}}:
    parameters: [{{in: path, name: id, required: true, schema: {{type: string}}}}]
    get: {{operationId: doll.get_doll, {ANSWER}}}
"""


def test_a_system_whose_router_lets_the_last_segment_be_empty_answers_there(tmp_path: Path) -> None:
    doll = toy(name="doll", title="Doll", handlers=SimpleNamespace())
    server = served(api_of(tmp_path, EMPTY, toy(empty_last_segment=True), others=[doll]))
    assert ask(server, "GET", "/users/").status == 200
    assert ask(server, "POST", "/users/").status == 405
    assert ask(server, "GET", "/users/7/").status == 404
    assert ask(server, "GET", "/dolls/").status == 404
    assert ask(server, "POST", "/dolls/").status == 404


def test_a_path_that_resembles_a_system_is_answered_by_it(tmp_path: Path) -> None:
    doll = toy(name="doll", title="Doll", handlers=SimpleNamespace(), resembles=lambda path: path.endswith(".doll"))
    server = served(api_of(tmp_path, PATHS, toy(), others=[doll]))
    assert {one.system for one in server.served_api.near("/users/7/password.doll")} == {"doll"}
    assert {one.system for one in server.served_api.near("/users/7/password.toy")} == {"toy"}
