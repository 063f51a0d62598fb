"""An application in whose place another one can be put while it is served."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Replaceable:
    """
    Hands every request to the present application; one that is in an application ends there.

    Attributes:
        app: The present application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
