"""A secret is shown as stars wherever it is shown by mistake."""

import json
import logging
import pickle

import orjson
import pytest

from watchword.domain.secret import Secret

LANTERN = Secret("Lantern-42-amber")


def test_every_way_to_show_it_by_mistake_shows_stars(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("watchword.test").warning("%s %r", LANTERN, [LANTERN])
    shown = [repr(LANTERN), str(LANTERN), f"{LANTERN:>30}", f"{LANTERN!r}", "{}".format(LANTERN), caplog.text]  # noqa: UP032
    assert all("***" in one and "Lantern" not in one for one in shown)


def test_it_is_not_written_down() -> None:
    for write in (json.dumps, orjson.dumps, pickle.dumps):
        with pytest.raises(TypeError):
            write(LANTERN)


def test_it_is_revealed_by_name() -> None:
    assert LANTERN.revealed == "Lantern-42-amber"


def test_equal_texts_are_equal_secrets_and_no_text_equals_one() -> None:
    assert Secret("Lantern-42-amber") == LANTERN
    assert hash(Secret("Lantern-42-amber")) == hash(LANTERN)
    assert Secret("Lantern-42") != LANTERN
    assert LANTERN != "Lantern-42-amber"
    assert Secret("\ud800") == Secret("\ud800")


def test_an_empty_secret_is_false() -> None:
    assert LANTERN
    assert not Secret("")
