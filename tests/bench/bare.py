"""``python -m tests.bench.bare PORT``: one Starlette route that reads and writes JSON, on Watchword's HTTP server."""

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from watchword.server.listening import listen
from watchword.server.run import run


async def echo(request: Request) -> JSONResponse:
    """Return the JSON of the request."""
    return JSONResponse(await request.json())


def main() -> None:
    """Serve until a signal."""
    app = Starlette(routes=[Route("/passwords/validate", echo, methods=["POST"])])
    run(app, listen("127.0.0.1", int(sys.argv[1])), on_ready=lambda: None)


if __name__ == "__main__":
    main()
