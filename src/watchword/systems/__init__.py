"""The imitated systems, one line each, and what else they speak."""

from watchword.edge.protocol_adapter import ProtocolAdapter
from watchword.system import System
from watchword.systems.entrust import SYSTEM as ENTRUST
from watchword.systems.weavr_multi import SYSTEM as WEAVR_MULTI
from watchword.systems.weavr_payment_run import SYSTEM as WEAVR_PAYMENT_RUN
from watchword.systems.zitadel import SYSTEM as ZITADEL
from watchword.systems.zitadel.rpc import RpcAdapter

SYSTEMS: tuple[System, ...] = (WEAVR_MULTI, WEAVR_PAYMENT_RUN, ZITADEL, ENTRUST)
PROTOCOL_ADAPTERS: tuple[ProtocolAdapter, ...] = (RpcAdapter(),)
