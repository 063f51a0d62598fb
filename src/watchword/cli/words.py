"""Options whose value is several words with commas between them."""

from collections.abc import Sequence

import click


def read_words(text: str, known: Sequence[str], *, kind: str) -> frozenset[str]:
    """
    Read words.

    Args:
        known: Those that there are.
        kind: What they are, for people.

    Raises:
        click.BadParameter: One is not known; the message lists those that are.
    """
    words = frozenset(filter(None, (one.strip() for one in text.split(","))))
    if unknown := sorted(words.difference(known)):
        raise click.BadParameter(f"there is no {kind} {unknown[0]!r}. There are: {', '.join(known)}.")
    return words
