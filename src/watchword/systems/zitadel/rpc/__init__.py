"""
ZITADEL over gRPC, gRPC-Web and Connect: the operations that REST has.

``connectrpc`` implements the protocols. This package finds the method of a call, translates messages to requests
and replies to messages, and translates refusals to the errors of each protocol. It contains no rule.
"""

from watchword.systems.zitadel.rpc.adapter import RpcAdapter

__all__ = ["RpcAdapter"]
