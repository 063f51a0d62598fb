"""``watchword mutants``."""

import click
import orjson

from watchword.admin import shapes
from watchword.cli.document import load_api
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.control.mutants import MutantCatalogue


@click.command()
@click.argument("prefix", default="")
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only what operations of this system show.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def mutants(prefix: str, system: str | None, *, as_json: bool) -> None:
    """
    List the mutants: rules, and what operations leave behind, broken in one way.

    PREFIX is how their ids begin: with that of the rule or the operation.

    `serve --mutant ID` breaks one in a whole server, `PUT /__admin/mutants` in a sandbox.
    """
    found = MutantCatalogue(load_api()).find(system=system, prefix=prefix)
    if as_json:
        click.echo(orjson.dumps([shapes.mutant(one) for one in found], option=orjson.OPT_INDENT_2))
        return
    if not found:
        raise click.UsageError("There are no such mutants. 'watchword rules' lists the rules.")
    for one in found:
        click.echo(f"{one.mutant.id}  ({one.mutant.kind.value})")
        click.echo(f"    {one.mutant.sentence}")
    click.echo(f"{len(found)} mutants of {len({one.mutant.subject for one in found})} rules and operations.")
