"""RPCs that fail because a fault is armed."""

from watchword.systems.zitadel.errors import ZitadelRefusal
from watchword.systems.zitadel.grpc_codes import with_name

_IN_CONNECT = {"CANCELLED": "canceled"}
"""The one code whose name Connect spells in another way."""


class ArmedFailure(ZitadelRefusal):
    """
    The status that a fault asks for, with the text of a failure somewhere on the way.

    Args:
        name: Of the gRPC code.
    """

    def __init__(self, name: str) -> None:
        super().__init__("upstream connect error or disconnect/reset before headers")
        code = with_name(_IN_CONNECT.get(name, name.lower()))
        self.grpc, self.status = code.number, code.http  # type: ignore[misc]  # of this refusal alone
