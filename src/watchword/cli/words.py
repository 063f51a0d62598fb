"""Options that take several words: with commas between them, in an option that is repeated, or both."""

from collections.abc import Collection, Sequence
from typing import Any

import click


class Words(click.Option):
    """An option whose value is a tuple of words; its help says how to write several."""

    def __init__(self, declared: Sequence[str], *, help: str, **attributes: Any) -> None:  # noqa: A002  # click's name
        help = f"{help} Repeatable, or several with commas."  # noqa: A001  # likewise
        super().__init__(declared, multiple=True, help=help, **attributes)

    def type_cast_value(self, ctx: click.Context, value: Any) -> tuple[str, ...]:
        """Split the texts at commas; spaces around a word, and empty words, do not count."""
        texts: Sequence[str] = super().type_cast_value(ctx, value)
        return tuple(word for text in texts for one in text.split(",") if (word := one.strip()))


def check_words(words: Collection[str], known: Sequence[str], *, kind: str) -> frozenset[str]:
    """
    Prove that there are such words.

    Args:
        known: Those that there are.
        kind: What they are, for people.

    Raises:
        click.BadParameter: One is not known; the message lists those that are.
    """
    if unknown := sorted(set(words).difference(known)):
        raise click.BadParameter(f"there is no {kind} {unknown[0]!r}. There are: {', '.join(known)}.")
    return frozenset(words)


def join_words(_context: click.Context, _option: click.Parameter, words: Sequence[str]) -> str:
    """Write words as the control API takes them."""
    return ",".join(words)
