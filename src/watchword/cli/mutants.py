"""``watchword mutants``."""

from collections.abc import Sequence

import click
import orjson

from watchword.admin import shapes
from watchword.cli.document import load_api
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.control.mutants import MutantCatalogue, NoMutantLike


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
    if "" in patterns:
        raise click.UsageError("An empty pattern fits every mutant: leave it out for all.")
    catalogue = MutantCatalogue(load_api())
    try:
        catalogue.require_each(patterns, system=system)
    except NoMutantLike as error:
        raise click.UsageError(str(error)) from None
    found = catalogue.find(system=system, patterns=patterns)
    if as_json:
        click.echo(orjson.dumps([shapes.mutant(one) for one in found], option=orjson.OPT_INDENT_2))
        return
    for one in found:
        click.echo(f"{one.mutant.id}  ({one.mutant.kind.value})")
        click.echo(f"    {one.mutant.sentence}")
    click.echo(_count(len(found), len({one.mutant.subject for one in found})))


def _count(mutants: int, subjects: int) -> str:
    broken = "rule or operation" if subjects == 1 else "rules and operations"
    return f"{mutants} mutant{'' if mutants == 1 else 's'} of {subjects} {broken}."
