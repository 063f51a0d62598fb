"""What every comparison needs: both documents, their schemas, and what is told of everything alike."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from watchword.review.document_diff.change import Change, change, turned
from watchword.review.document_diff.parts import Documents, Pair
from watchword.review.document_diff.schemas import Schemas

_TEXTS = frozenset(("summary", "description", "externalDocs", "title"))
_EXAMPLES = frozenset(("example", "examples"))


@dataclass(frozen=True)
class Context:
    """Both documents."""

    documents: Documents

    @cached_property
    def schemas(self) -> Schemas:
        """Compares their schemas; what was compared once is remembered."""
        return Schemas(self.documents)

    def annotations(self, pair: Pair, judged: Set[str]) -> Iterator[Change]:
        """
        Compare texts, examples and extensions of an object, and name what is not judged.

        Args:
            judged: The members that were compared already.
        """
        for name, one in pair.members():
            if name in judged or name == "$ref":
                continue
            if name == "examples":
                yield from self._examples(one)
            elif one.differs:
                category = (
                    "text-changed"
                    if name in _TEXTS
                    else "example-changed"
                    if name in _EXAMPLES
                    else "extension-changed"
                    if name.startswith("x-")
                    else "not-judged"
                )
                yield change(category, became(name, one), one.base, one.head, where=(name,))

    def _examples(self, pair: Pair) -> Iterator[Change]:
        for name, written in pair.members():
            one = self.documents.follow(written)
            if one.differs:
                told = became(f"the example {name}", one)
                yield change("example-changed", told, one.base, one.head, where=("examples", name))

    def flag(self, pair: Pair, name: str, categories: tuple[str, str]) -> Iterator[Change]:
        """
        Compare a member that is true or false, and false if it is missing.

        Args:
            categories: What it is when it became true, and when it became false.
        """
        one = pair.get(name)
        before, after = (bool(value) for value in one.values)
        if before != after:
            what = turned(name, before, after)
            yield change(categories[0] if after else categories[1], what, one.base, one.head, where=(name,))


def became(name: str, pair: Pair) -> str:
    """Say that something came, went, or changed."""
    return f"{name} {'is new' if pair.base is None else 'is gone' if pair.head is None else 'is another'}"
