"""Scenarios of ZITADEL as they are written: told once, or for several releases, and for both packages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from watchword.contract.scenario import Scenario
from watchword.contract.steps import Step, Tune
from watchword.contract.zitadel.story import ZITADEL, Story

DOCUMENTED, V2_65, V4_2, V4_6 = "documented", "v2.65", "v4.2", "v4.6"
RELEASES = (V2_65, V4_2, V4_6)
PROFILES = (DOCUMENTED, *RELEASES)
BEFORE_V4, V4 = (DOCUMENTED, V2_65), (V4_2, V4_6)
OLDER_PACKAGE = "_v2beta"
_AS_IT_IS = ""
"""The release that the stand-in imitates anyway."""
Tell = Callable[[Story], object]


@dataclass(frozen=True)
class Written:
    """
    A scenario as it is written.

    Args:
        proves: Ids of rules without which an answer would be another.
        shows: Ids of rules that it shows too, although an answer would be the same without them.
        releases: Those that it is told of.
        in_both: Whether it is told of the older package as well.
    """

    name: str
    proves: tuple[str, ...]
    shows: tuple[str, ...]
    releases: tuple[str, ...]
    in_both: bool
    tell: Tell


class Topic:
    """
    The scenarios of one module.

    Those that are told of the older package as well are told of it for the first of their releases only.

    Args:
        title: What they are about, as a heading.
        in_both: Whether they are told of the older package as well, unless one says otherwise.
    """

    def __init__(self, title: str, *, in_both: bool = True) -> None:
        self._title, self._in_both = title, in_both
        self._written: list[Written] = []

    def scenario(
        self,
        *proves: str,
        shows: Sequence[str] = (),
        releases: Sequence[str] = (_AS_IT_IS,),
        in_both: bool | None = None,
    ) -> Callable[[Tell], Tell]:
        """Make a scenario of a function, whose name is its sentence; the arguments are those of `Written`."""

        def collect(tell: Tell) -> Tell:
            both = self._in_both if in_both is None else in_both
            self._written.append(Written(tell.__name__, proves, tuple(shows), tuple(releases), both, tell))
            return tell

        return collect

    def add(self, name: str, tell: Tell, *, proves: Sequence[str], shows: Sequence[str], in_both: bool) -> None:
        """Make a scenario with a name of its own: one of many that are told alike."""
        self._written.append(Written(name, tuple(proves), tuple(shows), (_AS_IT_IS,), in_both, tell))

    def tell(self) -> Iterator[Scenario]:
        """Tell every scenario, of each release and package that it is about."""
        for one in self._written:
            for release in one.releases:
                yield self._told(one, release, "")
            if one.in_both:
                yield self._told(one, one.releases[0], OLDER_PACKAGE)

    def _told(self, written: Written, release: str, package: str) -> Scenario:
        tuned: list[Step] = [Tune({"zitadel_profile": release})] if release else []
        story = Story(ZITADEL, tuned, package)
        written.tell(story)
        variant = ", ".join(word for word in (release, package.removeprefix("_")) if word)
        steps = tuple(story.steps)
        return Scenario(ZITADEL, written.name, self._title, written.proves, written.shows, steps, variant)
