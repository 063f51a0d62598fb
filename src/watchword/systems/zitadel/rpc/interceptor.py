"""Our library, and what is changed in its answers."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.errors import ConnectError
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication
from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange
from watchword.edge.rendering import internal_failure, rendered
from watchword.systems.zitadel.envelope import status_of
from watchword.systems.zitadel.rpc import connect_go, grpc_go
from watchword.systems.zitadel.rpc.codecs import Binary, GrpcGoBinary, Json
from watchword.systems.zitadel.rpc.grpc_go import FirstMessage
from watchword.systems.zitadel.rpc.library import Library
from watchword.systems.zitadel.rpc.services import METHODS
from watchword.systems.zitadel.rpc.status import to_answer, to_error

HINT = "watchword-hint"
_CODECS: Mapping[Library, Sequence[Codec[Any, Any]]] = {
    # grpc-go knows no other codec, whatever the content type says.
    Library.GRPC_GO: (GrpcGoBinary[Any](),),
    Library.CONNECT_GO: (Binary[Any](), Json[Any]()),
}
_NOT_OF_THE_FRAME = (Code.CANCELED, Code.DEADLINE_EXCEEDED)


def known_methods() -> str:
    """Say which methods there are."""
    return f"Known methods: {', '.join(METHODS)}."


async def run(
    exchange: Exchange, endpoint: Any, interceptor: "Interceptor", asgi: tuple[Scope, Receive, Send], most: int
) -> None:
    """
    Have our library answer.

    Args:
        most: The longest message that is read.
    """
    scope, receive, send = asgi
    # The library reads headers as UTF-8 and fails at anything else; ours are judged as they came.
    scope = {**scope, "headers": [(name, value.decode("latin-1").encode()) for name, value in scope["headers"]]}
    application = _Application(
        service=exchange,
        endpoints=lambda _exchange: {scope["path"]: endpoint},
        interceptors=[interceptor],
        read_max_bytes=most,
        codecs=_CODECS[interceptor.library],
    )
    # After a `ConnectError` the client is gone.
    with suppress(ConnectError):
        await application(scope, receive, send)  # type: ignore[arg-type]  # other names for ASGI


class _Application(ConnectASGIApplication[Exchange]):
    """The library's application, one for each exchange, so that calls share no state."""

    @property
    def path(self) -> str:
        """The prefix of a mounted application; ours is not mounted."""
        return ""


class Interceptor:
    """
    Refuses what is known to be wrong, gives errors the texts of the real library, and notes every refusal.

    Args:
        library: The real one.
        refusal: What is answered before the message is read.
        message: What is known of the message's frame; None if that does not matter.
    """

    def __init__(
        self,
        exchange: Exchange,
        library: Library,
        refusal: ConnectError | None,
        message: FirstMessage | None = None,
    ) -> None:
        self.library = library
        self._exchange, self._refusal, self._message = exchange, refusal, message

    async def on_start(self, context: RequestContext[Any, Any]) -> None:
        """
        Run before the message is read.

        Raises:
            ConnectError: The refusal.
        """
        if self._refusal is None:
            return
        if self._refusal.code is Code.UNIMPLEMENTED:
            context.response_headers[HINT] = known_methods()
        raise self._refusal

    async def on_end(self, _token: None, _context: RequestContext[Any, Any], error: Exception | None, /) -> None:
        """
        Run before the answer is sent.

        Raises:
            ConnectError: In the place of an *error* that is a bug, or whose text is another one in the real library.
        """
        exchange = self._exchange
        if error is None:
            return
        if not isinstance(error, ConnectError):
            failure = internal_failure(exchange, error)
            exchange.answer = rendered(exchange, failure)
            raise to_error(status_of(failure)) from None
        if exchange.answer is None or exchange.answer.status < 400:
            worded = error if error is self._refusal else self._reword(error)
            exchange.answer = to_answer(worded)
            if worded is not error:
                raise worded from None

    def _reword(self, error: ConnectError) -> ConnectError:
        if self._message is not None and error.code not in _NOT_OF_THE_FRAME and (found := self._message.problem()):
            return found
        return grpc_go.reword(error) if self.library is Library.GRPC_GO else connect_go.reword(error)
