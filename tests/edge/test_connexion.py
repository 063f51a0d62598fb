"""Connexion's routes, looked up: the same operation is found as by trying them one after the other."""

from itertools import product

import pytest
from starlette.routing import Match

from tests.toy import Toy, ask, built
from watchword.edge import connexion

SEGMENTS = ("users", "me", "me\n", "a\nb", "password", "")
METHODS = ("GET", "HEAD", "PUT", "POST", "OPTIONS", "get")
PATHS = "".join(
    f"""
  {path}:
    parameters: [{", ".join(f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}" for name in names)}]
"""
    + "".join(
        f"    {method}: {{operationId: toy.op{number}_{method}, responses: {{'204': {{description: Done}}}}}}\n"
        for method in methods
    )
    for number, (path, names, methods) in enumerate(
        [
            ("/users", (), ("get", "post")),
            ("/users/me", (), ("get",)),
            ("/users/{id}", ("id",), ("get", "put")),
            ("/users/{id}/password", ("id",), ("put",)),
            ("/users/me/{thing}", ("thing",), ("get", "put")),
            ("/users/{id}/{thing}", ("id", "thing"), ("post", "put")),
            ("/{a}/{b}/password", ("a", "b"), ("get",)),
        ]
    )
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """Paths that overlap in every way, answered from the document."""
    return built(tmp_path_factory.mktemp("app"), PATHS)


def found(server: Toy, method: str, path: str) -> tuple[int, str, object]:
    """Tell the status, and which operation answered with which path parameters."""
    server.seen.clear()
    status = ask(server, method, path.replace("\n", "%0A")).status
    ((exchange, _, _),) = server.seen
    return status, exchange.operation.id if exchange.operation else "none", exchange.parameters.get("path")


def tried(server: Toy, method: str, path: str) -> tuple[int, str, object]:
    """Tell the same of Connexion's routes, one after the other."""
    router, _ = connexion._loaded(server.served_api.document)
    names = dict(connexion._numbered_paths(server.served_api.document).values())
    partly = False
    for route in connexion._routes(router):
        match, child = route.matches({"type": "http", "method": method, "path": path, "root_path": ""})
        if match is Match.FULL:
            values = dict(zip(names[route.path], child["path_params"].values(), strict=True))
            return 204, route.endpoint.operation_id, values or None  # type: ignore[attr-defined]
        partly = partly or match is Match.PARTIAL
    return 405 if partly else 404, "none", None


@pytest.mark.parametrize("method", METHODS)
def test_looking_up_finds_what_trying_finds(server: Toy, method: str) -> None:
    paths = ["/" + "/".join(segments) for length in (1, 2, 3) for segments in product(SEGMENTS, repeat=length)]
    # A line break at the very end is no part of a path to a router.
    paths = [path for path in paths if not path.endswith("\n")]
    looked_up = [found(server, method, path) for path in paths]
    assert looked_up == [tried(server, method, path) for path in paths]
    assert {status for status, _, _ in looked_up} >= ({404, 405} if method in ("OPTIONS", "get") else {204, 404, 405})


def test_a_line_break_at_the_end_of_a_path_is_part_of_it(server: Toy) -> None:
    assert found(server, "GET", "/users/7\n") == (204, "toy.op2_get", {"id": "7\n"})
    assert found(server, "GET", "/users\n")[0] == 404
    assert found(server, "PUT", "/users/7/password\n") == (204, "toy.op5_put", {"id": "7", "thing": "password\n"})


@pytest.mark.parametrize(
    ("method", "path", "operation", "values"),
    [
        ("GET", "/users/me", "toy.op1_get", None),
        ("PUT", "/users/me", "toy.op2_put", {"id": "me"}),
        ("HEAD", "/users/7", "toy.op2_get", {"id": "7"}),
        ("PUT", "/users/me/password", "toy.op4_put", {"thing": "password"}),
        ("PUT", "/users/7/password", "toy.op3_put", {"id": "7"}),
        ("POST", "/users/a\nb/password", "toy.op5_post", {"id": "a\nb", "thing": "password"}),
        ("GET", "/a/b/password", "toy.op6_get", {"a": "a", "b": "b"}),
    ],
)
def test_the_most_literal_path_wins_among_those_with_the_method(
    server: Toy, method: str, path: str, operation: str, values: object
) -> None:
    assert found(server, method, path) == (204, operation, values)
