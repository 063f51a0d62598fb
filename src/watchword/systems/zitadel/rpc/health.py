"""
The health protocol of gRPC, for probes.

Source:
    Documented: gRPC's health checking protocol. Assumed: every service has it, and no token is needed.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.server import Endpoint

from watchword.edge.exchange import Exchange
from watchword.systems.zitadel.rpc.generated.grpc.health.v1.health_pb import HealthCheckRequest, HealthCheckResponse
from watchword.systems.zitadel.rpc.generated.grpc.health.v1.health_pb import desc as described
from watchword.systems.zitadel.rpc.services import SERVICES, information

_SERVICE = next(iter(described().services))
CHECK, _WATCH = _SERVICE.methods
_Status = HealthCheckResponse.ServingStatus
_EVERY_SECONDS = 1.0


def endpoint(exchange: Exchange) -> Endpoint[Any, Any] | None:
    """Find the endpoint of a path of this service; None for others."""

    async def check(request: HealthCheckRequest, _context: Any) -> HealthCheckResponse:
        status = _status(exchange, request.service)
        if status is _Status.SERVICE_UNKNOWN:
            raise ConnectError(Code.NOT_FOUND, "unknown service")
        return HealthCheckResponse(status=status)

    async def watch(request: HealthCheckRequest, _context: Any) -> AsyncIterator[HealthCheckResponse]:
        told = None
        while True:
            status = _status(exchange, request.service)
            if status is not told:
                told = status
                yield HealthCheckResponse(status=status)
            await asyncio.sleep(_EVERY_SECONDS)

    match exchange.path.removeprefix(f"/{_SERVICE.type_name}/"):
        case CHECK.name:
            return Endpoint.unary(method=information(CHECK), function=check)
        case _WATCH.name:
            return Endpoint.server_stream(method=information(_WATCH), function=watch)
    return None


def _status(exchange: Exchange, service: str) -> Any:
    if service and service not in SERVICES and service != _SERVICE.type_name:
        return _Status.SERVICE_UNKNOWN
    settings = exchange.sandbox.settings["zitadel"]
    return _Status.NOT_SERVING if settings.maintenance else _Status.SERVING
