"""Record consumers, and look at what a proposal changes for them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.cli.commands import write
from tests.review.consumers import NAMED_BY, Caller, call_all
from tests.review.seeded_use import Use
from tests.serving import serving
from watchword.review.difference import Difference, Section
from watchword.review.level import Level
from watchword.review.sides import Side, opened
from watchword.review.use_diff.consumers import Consumer, find_consumers, read_rule
from watchword.review.use_diff.journals import read_journal
from watchword.review.use_diff.section import compare_use
from watchword.review.use_diff.state import State, read_state


def record_calls(folder: Path, consumers: Mapping[str, Callable[[Caller], None]], *flags: str) -> Sequence[Consumer]:
    """Record what consumers do with a server that has further *flags*."""
    journal = folder / "journal.ndjson"
    with serving(folder, "--journal-file", str(journal), *flags) as served:
        call_all(served.url, consumers)
    return find_consumers({journal: read_journal(journal)}, read_rule(f"header:{NAMED_BY}"))


def look(folder: Path, base: Mapping[str, Any], use: Use, consumers: Sequence[Consumer]) -> Section:
    """Compare the document with a change of it."""
    write(folder / "base.json", json.dumps(base))
    write(folder / "head.json", json.dumps(use.apply(base)))
    with opened(str(folder / "base.json")) as before, opened(str(folder / "head.json")) as after:

        def state_of(side: Side) -> State:
            return replace(read_state(side), mutants=use.mutants if side is after else ())

        return compare_use(before, after, consumers, state_of)


def names(found: Sequence[Difference]) -> frozenset[str]:
    """Name the consumers that notice something."""
    return frozenset(one.sentence.partition(":")[0] for one in found if one.level is not Level.HARMLESS)
