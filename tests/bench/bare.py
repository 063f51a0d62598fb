"""``python -m tests.bench.bare PORT``: one Starlette route, JSON in and JSON out, on Watchword's own HTTP server."""

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from watchword.server.run import listen, run


async def echo(request: Request) -> JSONResponse:
    """Read JSON and write it."""
    return JSONResponse(await request.json())


def main() -> None:
    """Serve until asked to stop."""
    app = Starlette(routes=[Route("/passwords/validate", echo, methods=["POST"])])
    run(app, listen("127.0.0.1", int(sys.argv[1])), ready=lambda: None)


if __name__ == "__main__":
    main()
