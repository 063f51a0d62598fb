"""In which order Payment Run checks a request."""

from watchword.domain.order import Step
from watchword.domain.rule import ASSUMED
from watchword.systems.weavr.order import orders, start_order, user_orders

_ADMINISTRATOR = Step("weavr_payment_run.users.administrator", ASSUMED, "Who calls is checked before whom it is about.")
_ONCE = Step("weavr_payment_run.idempotency.payload", ASSUMED, "A repeated request is not judged again.")

ORDERS = (*orders(start_order()), *user_orders((_ADMINISTRATOR,), (_ONCE,)))
