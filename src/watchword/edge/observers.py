"""Who is told about every finished request: the access log, audits, tests."""

from collections.abc import Callable, Sequence

from watchword.edge.exchange import Exchange
from watchword.system import Answer

Observer = Callable[[Exchange, Answer, Sequence[str]], None]
"""Gets an exchange, its answer, and in what the answer differs from the document."""

RefusalObserver = Callable[[str, str, Answer], None]
"""Gets method, path and answer of a request that was refused before it had a sandbox, and so an exchange."""
