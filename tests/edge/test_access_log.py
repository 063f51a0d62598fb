"""What the access log says about codes."""

from types import SimpleNamespace
from typing import Any

from tests.toy import toy
from watchword.edge.access_log import AccessLogEntry
from watchword.system import Answer


def test_several_codes_of_one_answer_are_in_one_order_in_every_process() -> None:
    codes = frozenset(f"CODE_{number}" for number in range(50))
    exchange: Any = SimpleNamespace(
        operation=None,
        protocol="",
        system=toy(code_of=lambda _status, _body: codes),
        method="GET",
        path="/",
        api=SimpleNamespace(nearest=SimpleNamespace(without_values=lambda path: path)),
        sandbox=SimpleNamespace(name="default"),
    )
    assert AccessLogEntry.of(exchange, Answer(400)).code == ",".join(sorted(codes))
