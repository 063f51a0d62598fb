"""``python -m tests.bench.calls PORT SECONDS PATH HEX TOKEN``: calls of gRPC, as many as come back; prints JSON."""

import asyncio
import json
import sys
import time

import grpc

from tests.bench.load import CONNECTIONS


async def main() -> dict[str, float]:
    """Call with one message over and over, as many at once as there are connections elsewhere, on one channel."""
    port, seconds, path, message, token = sys.argv[1:]
    body = bytes.fromhex(message)
    metadata = (("authorization", token),)
    done = 0
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(path)
        await call(body, metadata=metadata)
        began = time.perf_counter()
        until = began + float(seconds)

        async def client() -> None:
            nonlocal done
            while time.perf_counter() < until:
                await call(body, metadata=metadata)
                done += 1

        await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
        return {"calls": done, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(asyncio.run(main())))
    except grpc.aio.AioRpcError as failed:
        sys.exit(failed.code().name)
