"""Faults and wishes over gRPC, gRPC-Web and Connect: the same as over REST."""

from typing import Any

import grpc
import pytest

from tests.conftest import Api, Observed, People, Response
from tests.rpc.conftest import MINI, NEW, SET_PASSWORD
from tests.rpc.descriptors import from_json, method
from tests.rpc.wire import RpcApi
from tests.serving import serving
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.edge.breaking import ConnectionBroken

OPERATION = "zitadel.set_password"


def arm(api: Api, **plan: Any) -> None:
    sent = {"watchword-sandbox": str(api.sandbox)}
    assert Api.request(api, "POST", "/__admin/faults", json=plan, headers=sent).status == 201


def set_password(rpc: RpcApi, token: dict[str, str], people: People, **headers: str) -> Response:
    body = {"newPassword": {"password": NEW}, "currentPassword": MINI}
    sent = {**token, **headers}
    return rpc.call(OPERATION, path={"userId": people["zitadel", "mini"].id}, body=body, headers=sent)


def test_a_call_fails_with_the_armed_code_and_then_succeeds(rpc: RpcApi, token: dict[str, str], people: People) -> None:
    arm(rpc, match={"operation": OPERATION}, times=2, fault={"rpc": {"code": "UNAVAILABLE"}})
    answers = [set_password(rpc, token, people) for _ in range(3)]
    assert [one.status for one in answers] == [503, 503, 200]
    assert answers[0].body["code"] == 14


def test_an_answer_of_the_document_is_the_same_status_and_details(
    rpc: RpcApi, token: dict[str, str], people: People
) -> None:
    example = rpc.built.imitated.document.operations[OPERATION].responses["400"].examples
    name, body = next(iter(example.items()))
    arm(rpc, match={"path": SET_PASSWORD}, fault={"answer": {"status": 400, "example": name}})
    answer = set_password(rpc, token, people)
    assert (answer.body["code"], answer.body["message"]) == (body["code"], body["message"])
    assert answer.body.get("details") == body.get("details")


def test_after_means_that_the_password_has_changed(rpc: RpcApi, token: dict[str, str], people: People) -> None:
    arm(rpc, match={"person": "mini"}, times=1, when="after", fault={"answer": {"status": 503}})
    assert set_password(rpc, token, people).status == 503
    assert set_password(rpc, token, people).status == 400  # the current password is another one now


def test_a_lost_answer_is_an_error_of_the_connection(
    rpc: RpcApi, token: dict[str, str], people: People, observed: Observed
) -> None:
    arm(rpc, match={"operation": OPERATION}, times=1, when="after", fault={"connection": "EMPTY_RESPONSE"})
    with pytest.raises(ConnectionBroken):
        set_password(rpc, token, people)
    exchange, answer, _ = observed.seen[-1]
    assert (answer.status, exchange.fault) == (0, "fault-1")
    assert set_password(rpc, token, people).status == 400


def test_a_delay_is_real_time(rpc: RpcApi, token: dict[str, str], people: People, virtual_time: VirtualTime) -> None:
    rpc.runner = virtual_time.runner
    arm(rpc, match={"system": "zitadel"}, fault={"delay": {"fixed": "PT5S"}})
    with virtual_time.measure() as waited:
        assert set_password(rpc, token, people, prefer="delay=250").status == 200
    assert waited.seconds == pytest.approx(5.25)


def test_metadata_may_wish_for_an_answer(rpc: RpcApi, token: dict[str, str], people: People) -> None:
    answer = set_password(rpc, token, people, prefer="code=503")
    assert (answer.status, answer.body["code"]) == (503, 14)
    assert set_password(rpc, token, people, prefer="code=200").status == 200
    assert set_password(rpc, token, people, prefer="code=799, handling=strict").body["code"] == 3
    assert set_password(rpc, token, people, prefer="code=503, when=after").status == 503
    assert set_password(rpc, token, people).status == 400  # only the last one changed the password


@pytest.mark.parametrize("cut", ["EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE"])
def test_grpcio_sees_a_broken_connection(tmp_path: Any, people: People, cut: str) -> None:
    """Its own retries, which its service config allows for UNAVAILABLE, are not switched on here."""
    asked, answered = method(SET_PASSWORD)
    mini = people["zitadel", "mini"]
    body = {"userId": mini.id, "newPassword": {"password": NEW}, "currentPassword": MINI}
    sent = (("authorization", mini.headers["Authorization"]), ("prefer", f"fault={cut}, when=after"))

    def call(metadata: tuple[tuple[str, str], ...]) -> grpc.StatusCode:
        # By default channels share their connections, and a broken one is not opened again for a while.
        with grpc.insecure_channel(f"127.0.0.1:{served.port}", [("grpc.use_local_subchannel_pool", 1)]) as channel:
            stub = channel.unary_unary(
                SET_PASSWORD, request_serializer=asked.SerializeToString, response_deserializer=answered.FromString
            )
            with pytest.raises(grpc.RpcError) as failed:
                stub(from_json(body, asked), metadata=metadata, timeout=20)
            return failed.value.code()

    with serving(tmp_path) as served:
        assert call(sent) in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNKNOWN)
        assert call(sent[:1]) is grpc.StatusCode.INVALID_ARGUMENT
