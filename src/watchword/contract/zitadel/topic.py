"""Scenarios of ZITADEL as they are written: told once, or for several releases, and for both packages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from watchword.contract.scenario import Scenario, Written, told
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
class WrittenByRelease(Written[Story]):
    """
    A scenario as it is written, for some releases.

    Args:
        releases: Those that it is told of.
        in_both: Whether it is told of the older package as well.
    """

    releases: tuple[str, ...]
    in_both: bool


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
        self._written: list[WrittenByRelease] = []

    def scenario(
        self,
        *proves: str,
        shows: Sequence[str] = (),
        releases: Sequence[str] = (_AS_IT_IS,),
        in_both: bool | None = None,
    ) -> Callable[[Tell], Tell]:
        """Make a scenario of a function, whose name is its sentence; the arguments are those of `WrittenByRelease`."""

        def collect(tell: Tell) -> Tell:
            both = self._in_both if in_both is None else in_both
            self._write(tell.__name__, tell, proves, shows, releases, in_both=both)
            return tell

        return collect

    def add(self, name: str, tell: Tell, *, proves: Sequence[str], shows: Sequence[str], in_both: bool) -> None:
        """Make a scenario with a name of its own: one of many that are told alike."""
        self._write(name, tell, proves, shows, (_AS_IT_IS,), in_both=in_both)

    def tell(self) -> Iterator[Scenario]:
        """Tell every scenario, of each release and package that it is about."""
        for one in self._written:
            for release in one.releases:
                yield _tell(one, release, "")
            if one.in_both:
                yield _tell(one, one.releases[0], OLDER_PACKAGE)

    def _write(
        self,
        name: str,
        tell: Tell,
        proves: Sequence[str],
        shows: Sequence[str],
        releases: Sequence[str],
        *,
        in_both: bool,
    ) -> None:
        about = (name, (ZITADEL,), self._title, tuple(proves), tuple(shows), tell)
        self._written.append(WrittenByRelease(*about, tuple(releases), in_both))


def _tell(written: WrittenByRelease, release: str, package: str) -> Scenario:
    tuned: list[Step] = [Tune({"zitadel_profile": release})] if release else []
    variant = ", ".join(word for word in (release, package.removeprefix("_")) if word)
    return told(written, Story(ZITADEL, tuned, package), variant)
