"""The list of mutants that no test notices is what it says."""

import re
from pathlib import Path

from tests.mutants import read_unnoticed
from watchword.build import Built
from watchword.control.mutants import MutantCatalogue

CONTRIBUTING = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_only_mutants_that_there_are_are_known_to_be_unnoticed(built: Built) -> None:
    assert set(read_unnoticed()) - set(MutantCatalogue(built.imitated).all) == set()


def test_how_many_are_unnoticed_is_told_to_everybody_who_changes_a_rule() -> None:
    (told,) = re.findall(r"`tests/unnoticed\.json` names the (\d+) mutants", CONTRIBUTING)
    assert int(told) == len(read_unnoticed())
