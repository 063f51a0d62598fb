"""``watchword mutants``."""

from collections.abc import Sequence

import click
import orjson

from watchword.admin import shapes
from watchword.cli.document import load_api
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.control.mutants import MutantCatalogue
from watchword.domain.alike import tell_alike


@click.command()
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only what operations of this system show.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def mutants(patterns: Sequence[str], system: str | None, *, as_json: bool) -> None:
    """
    List the mutants: rules, and what operations leave behind, broken in one way.

    PATTERN is how their ids begin, with that of the rule or the operation, or has stars: 'weavr.*/gone'.

    `serve --mutant ID` breaks one in a whole server, `PUT /__admin/mutants` in a sandbox.
    """
    catalogue = MutantCatalogue(load_api())
    for pattern in patterns:
        _require_one_like(catalogue, pattern, system)
    found = catalogue.find(system=system, patterns=patterns)
    if as_json:
        click.echo(orjson.dumps([shapes.mutant(one) for one in found], option=orjson.OPT_INDENT_2))
        return
    for one in found:
        click.echo(f"{one.mutant.id}  ({one.mutant.kind.value})")
        click.echo(f"    {one.mutant.sentence}")
    click.echo(f"{len(found)} mutants of {len({one.mutant.subject for one in found})} rules and operations.")


def _require_one_like(catalogue: MutantCatalogue, pattern: str, system: str | None) -> None:
    """
    Refuse a pattern that fits nothing, or is empty.

    Raises:
        click.UsageError: It fits no mutant, or none that an operation of the system shows.
    """
    if not pattern:
        raise click.UsageError("An empty pattern fits every mutant: leave it out for all.")
    if catalogue.find(system=system, patterns=[pattern]):
        return
    possible = (one.mutant for one in catalogue.find(system=system))
    known = list(dict.fromkeys(one.id if "/" in pattern else one.subject for one in possible))
    of_system = "" if system is None else f" that {system} shows"
    raise click.UsageError(f"There is no mutant like {pattern!r}{of_system}; {tell_alike(pattern, known)}.")
