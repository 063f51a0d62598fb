"""
Server reflection, so that tools such as grpcurl find services and messages by themselves.

Source:
    Documented: gRPC's server reflection protocol, v1 and its twin v1alpha.
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
from watchword.systems.zitadel.rpc.services import FILES, information

_NOT_FOUND, _UNIMPLEMENTED = 5, 12
_ROOTS = (
    *FILES,
    message_pb.desc(),
    health_pb.desc(),
    reflection_pb.desc(),
    reflection_v1alpha_pb.desc(),
)


def services() -> list[str]:
    """List everything that is served."""
    return sorted(service.type_name for file in _ROOTS for service in file.services)


def endpoint(exchange: Exchange) -> Endpoint[Any, Any] | None:
    """Find the endpoint of a path of either version; None for others."""
    for version in (reflection_pb, reflection_v1alpha_pb):
        service = next(iter(version.desc().services))
        method = next(iter(service.methods))
        if exchange.path == f"/{service.type_name}/{method.name}":
            return Endpoint.bidi_stream(method=information(method), function=_answering(version))
    return None


def _answering(version: Any) -> Any:
    async def answers(requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        async for request in requests:
            yield version.ServerReflectionResponse(
                valid_host=request.host,
                original_request=request,
                message_response=_response(version, request.message_request),
            )

    return answers


def _response(version: Any, asked: Any) -> Any:
    match asked.field if asked else "":
        case "list_services":
            listed = version.ListServiceResponse(service=[version.ServiceResponse(name=name) for name in services()])
            return Oneof("list_services_response", listed)
        case "file_by_filename":
            return _files(version, _by_name().get(asked.value))
        case "file_containing_symbol":
            return _files(version, _by_symbol().get(asked.value))
        case "all_extension_numbers_of_type" if asked.value in _by_symbol():
            return Oneof("all_extension_numbers_response", version.ExtensionNumberResponse(base_type_name=asked.value))
        case "all_extension_numbers_of_type" | "file_containing_extension":
            return _refused(version, _NOT_FOUND, "not found")
    return _refused(version, _UNIMPLEMENTED, "unknown request")


def _files(version: Any, found: DescFile | None) -> Any:
    if found is None:
        return _refused(version, _NOT_FOUND, "not found")
    files = [file.proto.to_binary() for file in _with_dependencies(found)]
    return Oneof("file_descriptor_response", version.FileDescriptorResponse(file_descriptor_proto=files))


def _refused(version: Any, code: int, message: str) -> Any:
    return Oneof("error_response", version.ErrorResponse(error_code=code, error_message=message))


def _with_dependencies(file: DescFile) -> Iterator[DescFile]:
    yield file
    for one in file.dependencies:
        yield from _with_dependencies(one)


@cache
def _by_name() -> dict[str, DescFile]:
    return {file.name: file for root in _ROOTS for file in _with_dependencies(root)}


@cache
def _by_symbol() -> dict[str, DescFile]:
    return {name: file for file in _by_name().values() for name in _symbols(file)}


def _symbols(file: DescFile) -> Iterator[str]:
    for service in file.services:
        yield service.type_name
        yield from (f"{service.type_name}.{method.name}" for method in service.methods)
    yield from (enumeration.type_name for enumeration in file.enums)
    yield from _of_messages(file.messages)


def _of_messages(messages: Iterable[Any]) -> Iterator[str]:
    for message in messages:
        yield message.type_name
        yield from (f"{message.type_name}.{field.name}" for field in message.fields)
        yield from (enumeration.type_name for enumeration in message.nested_enums)
        yield from _of_messages(message.nested_messages)
