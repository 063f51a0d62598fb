"""Which requests are calls of another protocol; what happens to one is loaded with the first."""

import re

from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import Pipeline
from watchword.systems.zitadel.settings import ZitadelSettings

SERVED = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "zitadel.session.v2.SessionService",
    "zitadel.user.v2.UserService",
    "zitadel.user.v2beta.UserService",
)
"""Every service, by the names that their paths begin with."""
_PREFIXES = tuple(f"/{service}/" for service in SERVED)
_GRPC = re.compile(r"application/grpc(\+proto|\+json)?")
_GRPC_WEB = "application/grpc-web"


class RpcAdapter:
    """
    Takes calls of gRPC, gRPC-Web and Connect.

    Source:
        Observed: ``internal/api/api.go`` and ``cmd/start/start.go``, v2.65.3: gRPC and gRPC-Web are told by
        their content types, whatever the path; since v4.0 paths of services go to a Connect handler first.
        Assumed: paths of the other systems on this port stay theirs.
    """

    system = "zitadel"

    def takes(self, exchange: Exchange, /) -> bool:
        """Whether *exchange* is a call; gRPC needs HTTP/2, and is REST to the service without it."""
        # Asked of every request, so what is usual is told first.
        at_service = exchange.path.startswith(_PREFIXES)
        if not at_service and not exchange.headers.get("content-type", "").startswith("application/grpc"):
            return False
        match spoken(exchange):
            case "grpc":
                return exchange.method == "POST" and exchange.http_version.startswith("2") and _nobody_elses(exchange)
            case "grpc-web":
                return exchange.method == "POST" and _nobody_elses(exchange)
        settings = exchange.sandbox.settings["zitadel"]
        assert isinstance(settings, ZitadelSettings)  # noqa: S101  # what our system declares
        return at_service and (settings.connect == "always" or settings.zitadel_profile.speaks_connect)

    async def __call__(
        self, exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send, /
    ) -> None:
        """Let the library speak the protocol; the operation decides what it says."""
        # A tenth of a second and 10 MiB, which a server that is only asked for REST never needs.
        from watchword.systems.zitadel.rpc.calls import answer  # noqa: PLC0415

        exchange.protocol = spoken(exchange)
        await answer(exchange, pipeline, scope, receive, send)


def spoken(exchange: Exchange) -> str:
    """Name the protocol that a request at a service's path is in."""
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(_GRPC_WEB):
        return "grpc-web"
    return "grpc" if _GRPC.fullmatch(kind) else "connect"


def _nobody_elses(exchange: Exchange) -> bool:
    owners = {one.system for one in exchange.api.nearest.at(exchange.path)}
    return not owners or "zitadel" in owners
