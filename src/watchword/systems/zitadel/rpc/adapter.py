"""Which requests are RPC calls; the code that answers them is loaded with the first one."""

import re
from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import Pipeline
from watchword.systems.zitadel.settings import ZitadelSettings

SERVICE_NAMES = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "zitadel.session.v2.SessionService",
    "zitadel.session.v2beta.SessionService",
    "zitadel.settings.v2.SettingsService",
    "zitadel.settings.v2beta.SettingsService",
    "zitadel.user.v2.UserService",
    "zitadel.user.v2beta.UserService",
)
"""Every service that is served; the paths of its methods begin with its name."""
_PREFIXES = tuple(f"/{service}/" for service in SERVICE_NAMES)
_GRPC = re.compile(r"application/grpc(\+proto|\+json)?")
_GRPC_WEB = "application/grpc-web"


class RpcAdapter:
    """
    Answers calls of gRPC, gRPC-Web and Connect.

    Source:
        Observed: ``internal/api/api.go`` and ``cmd/start/start.go``, v2.65.3: gRPC and gRPC-Web are recognised by
        their content types, whatever the path; since v4.0 the paths of services go to a Connect handler first.
        Assumed: the paths of the other systems on this port stay theirs.
    """

    system = "zitadel"

    def matches(self, exchange: Exchange, /) -> bool:
        """Whether *exchange* is a call. gRPC needs HTTP/2; over HTTP/1.1 the service takes it for REST."""
        # Every request comes by here, so most of them must be recognised as REST quickly.
        at_service = exchange.path.startswith(_PREFIXES)
        if not at_service and not exchange.headers.get("content-type", "").startswith("application/grpc"):
            return False
        match protocol_of(exchange.headers):
            case "grpc":
                return exchange.method == "POST" and exchange.http_version.startswith("2") and _is_free_path(exchange)
            case "grpc-web":
                return exchange.method == "POST" and _is_free_path(exchange)
        settings = exchange.sandbox.settings["zitadel"]
        assert isinstance(settings, ZitadelSettings)  # noqa: S101  # what our system declares
        return at_service and settings.serves_connect

    async def __call__(
        self, exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send, /
    ) -> None:
        """Answer a call."""
        # The import takes a tenth of a second and 10 MiB, which a server without calls does not need.
        from watchword.systems.zitadel.rpc.calls import answer_call  # noqa: PLC0415

        exchange.protocol = protocol_of(exchange.headers)
        await answer_call(exchange, pipeline, scope, receive, send)

    async def refuse(self, scope: Scope, headers: Mapping[str, str], status: int, message: str, send: Send, /) -> bool:
        """Send a refusal if the request is a call; it may have no sandbox, so its settings are not known."""
        kind, protocol = headers.get("content-type", ""), protocol_of(headers)
        at_service = any(prefix in scope["path"] for prefix in _PREFIXES)
        grpc = protocol == "grpc" and scope["http_version"].startswith("2")
        if scope["method"] != "POST" or not (grpc or protocol == "grpc-web" or (protocol == "connect" and at_service)):
            return False
        from watchword.systems.zitadel.rpc.refusing import send_refusal  # noqa: PLC0415  # as above

        await send_refusal(kind, protocol, status, message, send)
        return True


def protocol_of(headers: Mapping[str, str]) -> str:
    """Name the protocol of a request by its content type; at the path of a service the default is Connect."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(_GRPC_WEB):
        return "grpc-web"
    return "grpc" if _GRPC.fullmatch(kind) else "connect"


def _is_free_path(exchange: Exchange) -> bool:
    """Whether no other system serves the path."""
    owners = {one.system for one in exchange.api.nearest.at(exchange.path)}
    return not owners or "zitadel" in owners
