"""Listeners are notified when the sandboxes of a server are no longer the same."""

import pytest

from tests.toy import toy
from watchword.sandbox import Sandboxes


@pytest.fixture
def toys() -> Sandboxes:
    return Sandboxes((toy(),))


def test_creating_resetting_and_dropping_are_changes(toys: Sandboxes) -> None:
    heard = list[list[str]]()
    with toys.changes.listening(lambda: heard.append([one.name for one in toys])):
        toys.enter("box")
        toys.enter("box")
        toys.create("other")
        toys.reset("box")
        toys.drop("box")
        toys.drop("box")
    assert heard == [["box"], ["box", "other"], ["box", "other"], ["other"]]


def test_a_stopping_server_is_a_change(toys: Sandboxes) -> None:
    heard = list[bool]()
    with toys.changes.listening(lambda: heard.append(toys.shutting_down)):
        toys.stop_waiting()
    assert heard == [True]
