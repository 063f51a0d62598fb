"""In which order Weavr Multi checks a request."""

from watchword.domain.order import CheckOrder, Step
from watchword.domain.rule import ASSUMED
from watchword.systems.weavr.order import orders, start_order, user_orders

ORDERS = (
    *orders(start_order(Step("weavr_multi.lost.identity", ASSUMED, "Nothing is checked after it."))),
    *user_orders(),
    CheckOrder("simulate_tokenise", ()),
    CheckOrder("tokenise", (Step("weavr.token.programme-key", ASSUMED, "Nothing is checked after it."),)),
)
