"""The results as tables of Markdown, which a terminal shows as well."""

from collections.abc import Collection, Iterable, Iterator
from statistics import median

from tests.bench.report import number, table
from tests.league.contracted import Specmatic
from tests.league.fuzzed import Schemathesis
from tests.league.ours import NAME
from tests.league.proxied import Prism
from tests.league.reasons import reason_of
from tests.league.results import Record, Results, Trial

NAMES = (NAME, Schemathesis.name, Specmatic.name, Prism.name)
_UNTRIED = "–"
_SHOWN = 5
"""So many false alarms of a kind are written out."""
_WRONG = {
    "bound": "a number is one too many, or one too few",
    "code": "a refusal has the wrong code",
    "effect": "something stays as it was",
    "gone": "a rule is not there",
    "lifetime": "something lasts too long, or ends too early",
    "mail": "a message is not sent, or twice",
    "order": "of two faults the other one is answered",
    "release": "a rule is that of another release",
    "reversed": "yes is taken for no",
    "rollback": "what has to be kept is not kept",
    "status": "a refusal has the wrong status",
    "text": "a text loses its last character",
    "unseen": "something that is there is not seen",
}
"""By kind: what such mutants do."""


def short(found: Results) -> str:
    """Write the table that the README shows, and what to know of it."""
    return "\n\n".join(
        [
            _table(found),
            " ".join(_about(found)),
            "[Who was tried how](tests/league/README.md) · [every mutant](tests/league/results/results.md)",
        ]
    )


def report(found: Results) -> str:
    """Write everything down."""
    parts = [
        "# League",
        f"Made by `make league`; the newest trial is of {max(one.date for one in found.records.values())}.",
        _table(found),
        " ".join(_about(found)),
        "## False alarms",
        "What each says of the right server; it counts for no mutant.",
        *(_alarms(name, record) for name, record in found.records.items() if record.alarms),
        f"## What {NAME} does not notice",
        table(["", "kind", "why"], _unnoticed(found.records[NAME])),
    ]
    for name, record in found.records.items():
        if record.trials:
            parts += [f"## {name}, mutant by mutant", table(["", "kind", "noticed"], _rows(record))]
    return "\n\n".join(parts) + "\n"


def _table(found: Results) -> str:
    names = [name for name, record in found.records.items() if record.trials]
    kinds = sorted({one.kind for name in names for one in found.records[name].trials.values()})
    rows = [
        [f"{_WRONG[kind]} (*{kind}*)", *(_share(_of_kind(found.records[name], kind)) for name in names)]
        for kind in kinds
    ]
    rows.append(["**all**", *(f"**{_share(found.records[name].trials.values(), percent=True)}**" for name in names)])
    shared = _shared(found, names)
    if len(names) > 1:
        rows.append(
            [
                f"the {len(shared)} that everybody was tried with",
                *(_share(found.records[name].trials[one] for one in shared) for name in names),
            ]
        )
    rows.append(["alarms about the right server", *(str(_count_alarms(found.records[name])) for name in names)])
    rows.append(["processor time for a mutant, s (median)", *(_seconds(found.records[name]) for name in names)])
    return table(["mutants noticed", *names], rows)


def _about(found: Results) -> Iterator[str]:
    versions = ", ".join(f"{name} {one.version}" for name, one in found.records.items() if one.trials)
    ours = found.records[NAME]
    drawn = "all" if len(ours.trials) == ours.mutants else f"{len(ours.trials):,} drawn by kind, of"
    yield f"{versions}; Watchword was tried with {drawn} {ours.mutants:,} mutants."
    untried = [name for name, one in found.records.items() if not one.trials]
    if untried:
        yield f"Not tried: {', '.join(untried)}."
    if found.walked:
        sequences = sum(one.sequences for one in found.walked.values())
        requests = sum(one.requests for one in found.walked.values())
        alarms = sum(len(one.alarms) for one in found.walked.values())
        yield (
            f"Against itself over HTTP Watchword walked {sequences:,} random sequences ({requests:,} requests):"
            f" {alarms} false alarms."
        )


def _alarms(name: str, record: Record) -> str:
    lines = [f"- {name}, {system}: {len(alarms)}" for system, alarms in sorted(record.alarms.items())]
    lines += [f"  - {alarm}" for alarms in record.alarms.values() for alarm in alarms[:_SHOWN]]
    return "\n".join(lines)


def _unnoticed(record: Record) -> Iterator[list[str]]:
    for identifier, one in sorted(record.trials.items()):
        if not one.noticed:
            yield [f"`{identifier}`", one.kind, reason_of(identifier)]


def _rows(record: Record) -> Iterator[list[str]]:
    for identifier, one in sorted(record.trials.items()):
        yield [f"`{identifier}`", one.kind, one.noticed.replace("|", "\\|") or "**no**"]


def _of_kind(record: Record, kind: str) -> list[Trial]:
    return [one for one in record.trials.values() if one.kind == kind]


def _share(trials: Iterable[Trial], *, percent: bool = False) -> str:
    those = list(trials)
    if not those:
        return _UNTRIED
    noticed = sum(bool(one.noticed) for one in those)
    return f"{noticed} of {len(those)}" + (f" ({noticed * 100 // len(those)} %)" if percent else "")


def _shared(found: Results, names: Collection[str]) -> list[str]:
    return sorted(set.intersection(*(set(found.records[name].trials) for name in names))) if names else []


def _count_alarms(record: Record) -> int:
    return sum(map(len, record.alarms.values()))


def _seconds(record: Record) -> str:
    return number(median(one.seconds for one in record.trials.values()))
