"""
Server reflection, by which tools such as grpcurl discover services and messages.

Source:
    Documented: gRPC's server reflection protocol, v1 and the older v1alpha, which has the same messages.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from functools import cache
from typing import Any

from connectrpc.server import Endpoint
from protobuf import DescFile, Oneof

from watchword.edge.exchange import Exchange
from watchword.systems.zitadel.rpc.generated.grpc.health.v1 import health_pb
from watchword.systems.zitadel.rpc.generated.grpc.reflection.v1 import reflection_pb
from watchword.systems.zitadel.rpc.generated.grpc.reflection.v1alpha import reflection_pb as reflection_v1alpha_pb
from watchword.systems.zitadel.rpc.generated.zitadel.v1 import message_pb
from watchword.systems.zitadel.rpc.services import FILES, method_info

_NOT_FOUND, _UNIMPLEMENTED = 5, 12
_ROOTS = (
    *FILES,
    message_pb.desc(),
    health_pb.desc(),
    reflection_pb.desc(),
    reflection_v1alpha_pb.desc(),
)


def service_names() -> list[str]:
    """List the names of all services."""
    return sorted(service.type_name for file in _ROOTS for service in file.services)


def find_endpoint(exchange: Exchange) -> Endpoint[Any, Any] | None:
    """Find the endpoint at the path of a call; None if it is not a method of either version."""
    for version in (reflection_pb, reflection_v1alpha_pb):
        service = next(iter(version.desc().services))
        method = next(iter(service.methods))
        if exchange.path == f"/{service.type_name}/{method.name}":
            return Endpoint.bidi_stream(method=method_info(method), function=_make_function(version))
    return None


def _make_function(version: Any) -> Any:
    async def answer(requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        async for request in requests:
            yield version.ServerReflectionResponse(
                valid_host=request.host,
                original_request=request,
                message_response=_answer_request(version, request.message_request),
            )

    return answer


def _answer_request(version: Any, request: Any) -> Any:
    match request.field if request else "":
        case "list_services":
            listed = version.ListServiceResponse(
                service=[version.ServiceResponse(name=name) for name in service_names()]
            )
            return Oneof("list_services_response", listed)
        case "file_by_filename":
            return _send_files(version, _files_by_name().get(request.value))
        case "file_containing_symbol":
            return _send_files(version, _files_by_symbol().get(request.value))
        case "all_extension_numbers_of_type" if request.value in _files_by_symbol():
            return Oneof(
                "all_extension_numbers_response", version.ExtensionNumberResponse(base_type_name=request.value)
            )
        case "all_extension_numbers_of_type" | "file_containing_extension":
            return _refuse(version, _NOT_FOUND, "not found")
    return _refuse(version, _UNIMPLEMENTED, "unknown request")


def _send_files(version: Any, found: DescFile | None) -> Any:
    if found is None:
        return _refuse(version, _NOT_FOUND, "not found")
    files = [file.proto.to_binary() for file in _with_dependencies(found)]
    return Oneof("file_descriptor_response", version.FileDescriptorResponse(file_descriptor_proto=files))


def _refuse(version: Any, code: int, message: str) -> Any:
    return Oneof("error_response", version.ErrorResponse(error_code=code, error_message=message))


def _with_dependencies(file: DescFile) -> Iterator[DescFile]:
    yield file
    for one in file.dependencies:
        yield from _with_dependencies(one)


@cache
def _files_by_name() -> dict[str, DescFile]:
    return {file.name: file for root in _ROOTS for file in _with_dependencies(root)}


@cache
def _files_by_symbol() -> dict[str, DescFile]:
    return {name: file for file in _files_by_name().values() for name in _symbols(file)}


def _symbols(file: DescFile) -> Iterator[str]:
    for service in file.services:
        yield service.type_name
        yield from (f"{service.type_name}.{method.name}" for method in service.methods)
    yield from (enumeration.type_name for enumeration in file.enums)
    yield from _message_symbols(file.messages)


def _message_symbols(messages: Iterable[Any]) -> Iterator[str]:
    for message in messages:
        yield message.type_name
        yield from (f"{message.type_name}.{field.name}" for field in message.fields)
        yield from (enumeration.type_name for enumeration in message.nested_enums)
        yield from _message_symbols(message.nested_messages)
