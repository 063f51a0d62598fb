"""The measures as tables of Markdown, which a terminal shows as well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench import consumers, expensive, growth, insides, journal, large, protocols, starting, throughput
from tests.bench.measure import Measure, Measures
from tests.bench.targets import BARE, WATCHWORD

_UNMEASURED, _FAILED = "–", "not measured"
_QUIET = 0.9
_MANY = 100
"""From here on a number is shown without decimals."""


@dataclass(frozen=True)
class Results:
    """
    A finished run.

    Args:
        date: ISO 8601.
        rounds: Of everything that is compared.
    """

    date: str
    quick: bool
    rounds: int
    machine: dict[str, str]
    versions: dict[str, str]
    measures: Measures


def number(value: float) -> str:
    """Show *value* with about three digits."""
    if value >= _MANY:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _MANY / 10 else f"{value:.2f}"


def figure(measure: Measure | None, *, unit: bool = False) -> str:
    """Show the median of the rounds, and the least and the greatest of them."""
    if measure is None:
        return _UNMEASURED
    if not measure.values:
        return f"{_FAILED}: {measure.note}"
    shown = number(measure.median)
    if len(measure.values) > 1:
        shown += f" ({number(min(measure.values))}–{number(max(measure.values))})"
    return f"{shown} {measure.unit}" if unit else shown


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table."""
    lines = [list(header), ["---"] + ["--:"] * (len(header) - 1), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def crossed(measures: Sequence[Measure], *, corner: str, notes: bool = False) -> str:
    """Lay out rows by what was measured and columns by target."""
    # Who was not measured comes last.
    columns = list(dict.fromkeys(one.target for one in sorted(measures, key=lambda one: not one.values)))
    found = {(one.what, one.target): one for one in measures if one.values}
    rows = []
    for what in dict.fromkeys(one.what for one in measures if one.values):
        cells = []
        for column in columns:
            one = found.get((what, column))
            note = f" [{one.note}]" if notes and one is not None and one.note else ""
            cells.append(figure(one) + note)
        rows.append([what, *cells])
    return table([corner, *columns], rows)


def listed(measures: Sequence[Measure]) -> str:
    """Lay out one measure a row, with its unit and its note."""
    return table(
        ["", "median (least–greatest)", ""], ([one.what, figure(one, unit=True), one.note] for one in measures)
    )


def report(results: Results) -> str:
    """Write everything down."""
    found = results.measures
    kind = "a quick run, for a first look only" if results.quick else f"{results.rounds} rounds"
    parts = [
        "# Benchmark",
        f"Made by `make bench` on {results.date}: {kind}. "
        "A figure is the median of the rounds, with the least and the greatest of them.",
        _facts(results),
        "## Requests per second",
        "One process each, `wrk -t1 -c16`, the same document and the same requests, in turn. "
        "In brackets what each answers: only Watchword judges passwords and keeps state, the peers answer examples. "
        "Every new password is hashed (`--hashing fast`); the digest of an old one is remembered from when it was new.",
        crossed(found.group(throughput.RATE), corner="req/s", notes=True),
        *_unmeasured(found, throughput.RATE),
        "Watchword's rate divided by the others', of the same round:",
        crossed(found.group(throughput.RATIO), corner="×"),
        "## Latency under that load",
        crossed(found.group(throughput.P50), corner="p50, ms"),
        crossed(found.group(throughput.P99), corner="p99, ms"),
        "## Processor time of the server, a request",
        "What else the machine does moves this little.",
        crossed(found.group(throughput.CPU), corner="µs"),
        "## ZITADEL's protocols",
        "A code is made and returned, `wrk` as above; calls of gRPC by grpcio, which is busier than the server. "
        "Beside: a server that serves HTTP/1.1 and REST alone.",
        crossed(found.group(protocols.GROUP), corner=""),
        *_unmeasured(found, protocols.GROUP),
        listed(found.group(protocols.SHARE)),
        "## Start and memory",
        "From the start of the process to its first answer; resident memory then, and after all loads.",
        crossed([*found.group(starting.START), *found.group(throughput.MEMORY)], corner="s, MiB", notes=True),
        "## A large document",
        "GitHub's own document (`@octokit/openapi`), served beside the four systems with `--document`: "
        "from the start of the process to the first answers of four operations of it, and memory on the way and then.",
        listed(found.group(large.GROUP)),
        *_unmeasured(found, large.GROUP),
        "## Updates with real hashes",
        "`--hashing owasp`. An update compares the old password and hashes the new one: two computations, "
        "side by side where there is more than one core. The server measured here remembers no digest; "
        "one that does computes those alone that it did not compute a moment before. "
        "Beside: a single validating connection, alone and while four connections update without pause.",
        listed(found.group(expensive.GROUP)),
        "## Hashes",
        listed(found.group(insides.HASHES)),
        "## Sandboxes",
        "Made in process, with the people of all four systems. Sandboxes share their seed until they change something.",
        listed(found.group(insides.SANDBOXES)),
        "## Store",
        "One sandbox with many users, through transactions: read by key, found by two fields, replaced, added. "
        "A hundred of them are asked about, and at last anyone, whose data is in no cache of the processor.",
        crossed(found.group(insides.STORE), corner="µs"),
        *_unmeasured(found, insides.STORE),
        "## Journal and window",
        "A server that keeps a journal beside one with `--journal 0`, loaded in turn, and several such pairs; rates of "
        "loads that followed each other are compared. The window is opened with a full journal, on a new connection.",
        listed(found.group(journal.GROUP)),
        *_unmeasured(found, journal.GROUP),
        *_of_consumers(found),
        "## Memory under load",
        "Every update logs in, and log-ins are good for five minutes; what has expired is swept.",
        listed(found.group(growth.GROUP)),
        "## How much runs differ",
        repeatability(found),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(results: Results) -> str:
    machine = "\n".join(f"- {name}: {value}" for name, value in results.machine.items())
    return f"{machine}\n- {_versions(results)}"


def _versions(results: Results) -> str:
    return ", ".join(f"{name} {version}" for name, version in results.versions.items() if version)


def _unmeasured(found: Measures, group: str) -> list[str]:
    failed = [f"- {one.target}, {one.what}: {_FAILED}: {one.note}" for one in found.group(group) if not one.values]
    return ["\n".join(failed)] if failed else []


def undisturbed(who: str, shares: Sequence[float]) -> list[str]:
    """Say which part of its core a server had while it was loaded, and warn if that was too little."""
    if not shares:
        return []
    lines = [f"While loaded, {who} had {min(shares):.0%} to {max(shares):.0%} of its core."]
    if round(min(shares), 2) < _QUIET:
        lines.append(f"**Less than {_QUIET:.0%}: something else was running. Do not trust these figures.**")
    return lines


def repeatability(found: Measures) -> str:
    """Say how far the rounds lie apart."""
    shares = [value for one in found.group(throughput.SHARE) for value in one.values if one.target == WATCHWORD]
    lines = undisturbed(WATCHWORD, shares)
    if lines:
        lines.append("")
    # A share is a condition of the measurement, no result of it.
    repeated = [one for one in found.repeated() if one.group != throughput.SHARE]
    if not repeated:
        return "\n".join([*lines, "Nothing was measured more than once."])
    lines += ["Greatest minus least round, as a part of the median:", ""]
    for group in dict.fromkeys(one.group for one in repeated):
        spreads = {f"{one.target}, {one.what}": one.spread for one in repeated if one.group == group}
        worst = max(spreads, key=lambda name: spreads[name])
        lines.append(
            f"- {group}: {median(spreads.values()):.0%} in the middle, {spreads[worst]:.0%} at worst ({worst})"
        )
    return "\n".join(lines)


def short(results: Results) -> str:
    """Write the few lines that the README shows."""
    found = results.measures
    columns = [one.target for one in found.group(starting.START)]
    rows = [
        [f"{one.what}, req/s", *(figure(found.find(throughput.RATE, one.what, column)) for column in columns)]
        for one in found.group(throughput.RATE)
        if one.target == WATCHWORD and one.values
    ]
    for title, group, what in (
        ("start to first answer, s", starting.START, starting.FIRST),
        ("memory after start, MiB", throughput.MEMORY, starting.AFTER_START),
        ("memory after load, MiB", throughput.MEMORY, throughput.AFTER_LOAD),
    ):
        rows.append([title, *(figure(found.find(group, what, column)) for column in columns)])
    sentences = [
        "Watchword judges and keeps state; the peers answer examples of the same document; "
        f"{BARE} reads and writes JSON and nothing else."
    ]
    for where in expensive.WHERE:
        per_hash = found.find(expensive.GROUP, f"{expensive.PER_HASH} {where}", WATCHWORD)
        update = found.find(expensive.GROUP, f"{expensive.UPDATE} {where}", WATCHWORD)
        if per_hash and update:
            sentences.append(
                f"An update with real hashes (`--hashing owasp`) takes {number(update.median)} ms {where},"
                f" {number(per_hash.median)} times one Argon2id computation."
            )
    sentences += _about_the_journal(found)
    making = next((one for one in found.group(insides.SANDBOXES) if one.values), None)
    if making:
        sentences.append(f"A sandbox is made in {number(making.median * 1000)} µs.")
    setting_up = found.find(consumers.GROUP, consumers.SETTING_UP, WATCHWORD)
    if setting_up and setting_up.values:
        sentences.append(f"The sandbox of a test in Python is set up in {number(setting_up.median)} ms.")
    start, most = (found.find(large.GROUP, what, WATCHWORD) for what in (large.CPU, large.PEAK))
    if start and most and start.values and most.values:
        sentences.append(
            f"With GitHub's document ({start.note}) beside the four systems a start takes {number(start.median)} s of"
            f" processor time and {number(most.median)} MiB at most."
        )
    machine = results.machine
    about = (
        f"{results.rounds} rounds, median (least–greatest); {machine['cores']}; {machine['processor']};"
        f" {_versions(results)}."
    )
    return "\n\n".join([table(["", *columns], rows), "\n".join(sentences), about])


def _of_consumers(found: Measures) -> list[str]:
    """Lay out what consumers' tests pay; nothing for a run that did not measure it."""
    if not found.group(consumers.GROUP):
        return []
    about = "As the pytest plugin does it, with a server of its own that counts every request (`OwnServer`)."
    measured = [one for one in found.group(consumers.GROUP) if one.values]
    return ["## Tests of consumers", about, listed(measured), *_unmeasured(found, consumers.GROUP)]


def _about_the_journal(found: Measures) -> list[str]:
    sentences = []
    taken = [one for one in found.group(journal.GROUP) if one.unit == "%" and one.values]
    if taken:
        parts = " and ".join(f"{one.median:.0f} % on {one.what.partition(':')[0]}" for one in taken)
        sentences.append(f"The journal takes {parts} of the throughput.")
    page, forked = (found.find(journal.GROUP, what, WATCHWORD) for what in (journal.PAGE, journal.FORK))
    if page and forked:
        sentences.append(
            f"The first page of the window comes in {number(page.median)} ms, with a full journal."
            f" A sandbox with 1,000 records of its own is forked in memory in {number(forked.median)} ms."
        )
    return sentences
