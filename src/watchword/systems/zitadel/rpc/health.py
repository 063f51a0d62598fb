"""
The health checking protocol of gRPC, for probes.

Source:
    Documented: gRPC's health checking protocol. Assumed: it covers every service, and needs no token.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.server import Endpoint

from watchword.edge.exchange import Exchange
from watchword.systems.zitadel.rpc.generated.grpc.health.v1.health_pb import HealthCheckRequest, HealthCheckResponse
from watchword.systems.zitadel.rpc.generated.grpc.health.v1.health_pb import desc as descriptor
from watchword.systems.zitadel.rpc.services import SERVICES, method_info

_SERVICE = next(iter(descriptor().services))
CHECK, _WATCH = _SERVICE.methods
_Status = HealthCheckResponse.ServingStatus
_INTERVAL_SECONDS = 1.0


def find_endpoint(exchange: Exchange) -> Endpoint[Any, Any] | None:
    """Find the endpoint at the path of a call; None if it is not a method of this service."""

    async def check(request: HealthCheckRequest, _context: Any) -> HealthCheckResponse:
        status = _status(exchange, request.service)
        if status is _Status.SERVICE_UNKNOWN:
            raise ConnectError(Code.NOT_FOUND, "unknown service")
        return HealthCheckResponse(status=status)

    async def watch(request: HealthCheckRequest, _context: Any) -> AsyncIterator[HealthCheckResponse]:
        sent = None
        while True:
            status = _status(exchange, request.service)
            if status is not sent:
                sent = status
                yield HealthCheckResponse(status=status)
            await asyncio.sleep(_INTERVAL_SECONDS)

    match exchange.path.removeprefix(f"/{_SERVICE.type_name}/"):
        case CHECK.name:
            return Endpoint.unary(method=method_info(CHECK), function=check)
        case _WATCH.name:
            return Endpoint.server_stream(method=method_info(_WATCH), function=watch)
    return None


def _status(exchange: Exchange, service: str) -> Any:
    if service and service not in SERVICES and service != _SERVICE.type_name:
        return _Status.SERVICE_UNKNOWN
    settings = exchange.sandbox.settings["zitadel"]
    return _Status.NOT_SERVING if settings.maintenance else _Status.SERVING
