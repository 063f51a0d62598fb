"""In which order Payment Run checks a request."""

from watchword.systems.weavr.order import orders, start_order

ORDERS = orders(start_order())
