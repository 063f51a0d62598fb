"""``watchword coverage``: what the requests of a running server have reached."""

import click

from watchword.cli.remote import Remote, remote_options
from watchword.cli.words import Words, join_words


@click.command()
@remote_options
@click.option("--only", metavar="SANDBOX", default="", help="Only requests of this sandbox; a pattern may have stars.")
@click.option(
    "--operations",
    cls=Words,
    callback=join_words,
    metavar="PATTERNS",
    help="Only these operations, such as 'weavr_multi.*'; by default all of the systems called.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
    help="For people, for programs, for a pull request, or a page.",
)
def coverage(url: str, sandbox: str, token: str | None, *, only: str, operations: str, form: str) -> None:
    """Show which documented answers and rules the requests of a running server have reached."""
    query = {"format": form, "sandbox": only, "operations": operations}
    text = Remote(url, sandbox, token).get_text("/coverage", {name: one for name, one in query.items() if one})
    click.echo(text, nl=not text.endswith("\n"))
