"""Health and reflection, with the clients of gRPC's own packages; and calls over TLS."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.conftest import Api, People
from tests.rpc.conftest import MINI, NEW, SET_PASSWORD
from tests.rpc.descriptors import from_json, method
from tests.rpc.wire import RpcApi
from tests.serving import Served, serving
from watchword.systems.zitadel.rpc import reflection
from watchword.systems.zitadel.rpc.adapter import SERVICE_NAMES

PATIENCE_SECONDS = 10


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, certificate: tuple[Path, Path]) -> Iterator[Served]:
    """A server over TLS."""
    public, private = certificate
    with serving(tmp_path_factory.mktemp("tls"), "--tls-cert", str(public), "--tls-key", str(private)) as running:
        yield running


@pytest.fixture(scope="module")
def channel(secured: Served, certificate: tuple[Path, Path]) -> Iterator[grpc.Channel]:
    """A channel of grpcio, which negotiates HTTP/2 in the TLS handshake."""
    credentials = grpc.ssl_channel_credentials(certificate[0].read_bytes())
    with grpc.secure_channel(f"localhost:{secured.port}", credentials) as channel:
        yield channel


@pytest.fixture
def health(channel: grpc.Channel) -> Any:
    """The client of ``grpcio-health-checking``."""
    return health_pb2_grpc.HealthStub(channel)


def health_request(service: str = "") -> Any:
    return health_pb2.HealthCheckRequest(service=service)


def test_a_password_is_changed_over_tls(channel: grpc.Channel, people: People) -> None:
    request, reply = method(SET_PASSWORD)
    mini = people["zitadel", "mini"]
    body = {"userId": mini.id, "newPassword": {"password": NEW}, "currentPassword": MINI}
    call = channel.unary_unary(SET_PASSWORD, request.SerializeToString, reply.FromString)
    metadata = (("authorization", mini.headers["Authorization"]),)
    assert call(from_json(body, request), metadata=metadata, timeout=PATIENCE_SECONDS).details.sequence == 2


@pytest.mark.parametrize("service", ["", "zitadel.user.v2.UserService"])
def test_the_server_and_its_services_are_healthy(health: Any, service: str) -> None:
    assert (
        health.Check(health_request(service), timeout=PATIENCE_SECONDS).status == health_pb2.HealthCheckResponse.SERVING
    )


def test_an_unknown_service_has_no_health(health: Any) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        health.Check(health_request("zitadel.Nothing"), timeout=PATIENCE_SECONDS)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_a_watch_receives_a_change(health: Any, secured: Served, certificate: tuple[Path, Path]) -> None:
    sandbox = {"watchword-sandbox": "watched"}
    watch = health.Watch(health_request(), metadata=tuple(sandbox.items()), timeout=PATIENCE_SECONDS)
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    httpx.patch(
        f"https://localhost:{secured.port}/__admin/settings",
        json={"zitadel": {"maintenance": True}},
        headers=sandbox,
        verify=ssl.create_default_context(cafile=certificate[0]),
    ).raise_for_status()
    assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
    watch.cancel()


def test_a_cancelled_watch_leaves_the_connection_alive(health: Any) -> None:
    for _ in range(5):
        watch = health.Watch(health_request(), timeout=PATIENCE_SECONDS)
        next(watch)
        watch.cancel()
    assert health.Check(health_request(), timeout=PATIENCE_SECONDS).status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_lists_and_describes_every_service(channel: grpc.Channel) -> None:
    found = ProtoReflectionDescriptorDatabase(channel)
    assert sorted(found.get_services()) == list(SERVICE_NAMES) == reflection.service_names()
    assert found.FindFileContainingSymbol("zitadel.user.v2.UserService").name == "zitadel/user/v2/user_service.proto"
    assert found.FindFileByName("zitadel/object/v2/object.proto").package == "zitadel.object.v2"
    assert found.FindFileContainingSymbol("zitadel.v1.ErrorDetail").name == "zitadel/v1/message.proto"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"file_containing_symbol": "zitadel.Nothing"}, "error_response"),
        ({"file_by_filename": "nothing.proto"}, "error_response"),
        ({"all_extension_numbers_of_type": "zitadel.v1.ErrorDetail"}, "all_extension_numbers_response"),
        ({"all_extension_numbers_of_type": "zitadel.Nothing"}, "error_response"),
        ({}, "error_response"),
    ],
)
def test_reflection_answers_every_question(channel: grpc.Channel, question: dict[str, str], answer: str) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    requests = iter([reflection_pb2.ServerReflectionRequest(host="h", **question)])
    [response] = stub.ServerReflectionInfo(requests, timeout=PATIENCE_SECONDS)
    assert response.WhichOneof("message_response") == answer
    assert response.valid_host == "h"


def test_health_is_served_over_connect_too(api: Api) -> None:
    """For probes that have only HTTP."""
    answer = RpcApi(api, "connect-json").rpc("/grpc.health.v1.Health/Check", {})
    assert answer.body == {"status": "SERVING"}
