"""Which requests are RPC calls; the code that answers them is loaded with the first one."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import Pipeline
from watchword.systems.zitadel.rpc.library import Library
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
_OWN_PREFIXES = tuple(one for one in _PREFIXES if one.startswith("/zitadel."))
_GRPC = re.compile(r"application/grpc(\+proto|\+json)?")
_GRPC_WEB = "application/grpc-web"


class RpcAdapter:
    """Answers calls of gRPC, gRPC-Web and Connect."""

    system = "zitadel"

    def matches(self, exchange: Exchange, /) -> bool:
        """Whether *exchange* is a call."""
        return library_of(exchange) is not None

    async def __call__(
        self, exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send, /
    ) -> None:
        """Answer a call."""
        # The import takes a tenth of a second and 10 MiB, which a server without calls does not need.
        from watchword.systems.zitadel.rpc.calls import answer_call  # noqa: PLC0415

        exchange.protocol = protocol_of(exchange.headers)
        library = library_of(exchange)
        assert library is not None  # noqa: S101  # it matches
        await answer_call(exchange, pipeline, library, (scope, receive, send))

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

    def write(self, path: str, headers: Mapping[str, str], message: Any, /) -> bytes | None:
        """Write the body of a call."""
        from watchword.systems.zitadel.rpc.writing import write_call  # noqa: PLC0415  # as above

        return write_call(path, headers, message, framed=protocol_of(headers) != "connect")


def library_of(exchange: Exchange) -> Library | None:
    """
    Find the library that answers a request, of which only path and headers are known; None for REST.

    gRPC needs HTTP/2: over HTTP/1.1 it is REST, unless Connect is asked first.

    Source:
        Recorded answers of v2.65.3 and v4.6.5: grpc-go and its wrapper for gRPC-Web get calls by their content types,
        whatever the path; since v4.0 the paths of services go to connect-go first, whatever the content type.
        Assumed: the paths of the other systems on this port stay theirs.
    """
    # Every request comes by here, so most of them must be recognised as REST quickly.
    at_service = exchange.path.startswith(_PREFIXES)
    if not at_service and not exchange.headers.get("content-type", "").startswith("application/grpc"):
        return None
    settings = exchange.sandbox.settings["zitadel"]
    assert isinstance(settings, ZitadelSettings)  # noqa: S101  # what our system declares
    if settings.zitadel_profile.speaks_connect and exchange.path.startswith(_OWN_PREFIXES):
        return Library.CONNECT_GO
    match protocol_of(exchange.headers):
        case "grpc":
            called = exchange.method == "POST" and exchange.http_version.startswith("2") and _is_free_path(exchange)
            return Library.GRPC_GO if called else None
        case "grpc-web":
            return Library.GRPC_GO if exchange.method == "POST" and _is_free_path(exchange) else None
    return Library.CONNECT_GO if at_service and settings.serves_connect else None


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
