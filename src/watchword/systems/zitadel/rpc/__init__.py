"""
ZITADEL's other wires: gRPC, gRPC-Web and Connect, over the operations that REST has.

The protocols themselves are ``connectrpc``'s; here is which request belongs to which method, messages to
operations and back, and refusals to each protocol's errors. No rule is in here.
"""

from watchword.systems.zitadel.rpc.adapter import RpcAdapter

__all__ = ["RpcAdapter"]
