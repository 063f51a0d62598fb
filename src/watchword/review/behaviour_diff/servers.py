"""A side of a comparison as a server that can be played on: built in this process, or another Watchword."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from watchword.build import Options
from watchword.contract.driver import Driver
from watchword.contract.in_step import Leader
from watchword.contract.oracle import Oracle, StandIn, stand_in
from watchword.contract.subject import Subject
from watchword.control.mutants import MutantCatalogue, set_mutants
from watchword.control.settings import read_settings
from watchword.domain.mutation import mutants_in
from watchword.review.sides import Side
from watchword.system.settings import SettingsBySystem, apply_merge_patch
from watchword.systems import SYSTEMS

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Broken:
    """A mutant that a side has: a rule, or what an operation leaves behind, broken on purpose."""

    id: str
    subject: str
    sentence: str


class Player(Protocol):
    """A side as the server of one system."""

    @property
    def leader(self) -> Leader:
        """The server, and what is known of it."""

    @property
    def driver(self) -> Driver:
        """The server alone."""

    def settings(self) -> Json:
        """Read how the system behaves in a sequence that has just begun."""

    def mutants(self) -> Sequence[Broken]:
        """List the mutants that a sequence begins with."""

    def keep_mutants(self, kept: Sequence[str]) -> None:
        """Have only these for the rest of a sequence, by their ids."""


class Server(Protocol):
    """A side."""

    @property
    def side(self) -> Side:
        """What it serves."""

    @property
    def handled(self) -> frozenset[str]:
        """The ids of the operations that are imitated there, and not answered from examples."""

    @property
    def is_here(self) -> bool:
        """Whether this process has built it."""

    @property
    def unfit(self) -> frozenset[str]:
        """The ids of operations that are answered from examples because what imitates them does not fit any more."""

    def player(self, subject: Subject, tuned: Json | None = None) -> Player:
        """
        Give it as the server of one system.

        Args:
            tuned: The settings that every sequence begins with besides its own, as a JSON merge patch.
        """


@dataclass(frozen=True)
class LocalPlayer:
    """A system of a server in this process."""

    leader: Oracle
    _catalogue: MutantCatalogue

    @property
    def driver(self) -> Driver:
        """The sandbox."""
        return self.leader.driver

    def settings(self) -> Json:
        """Read the settings of the sandbox."""
        driver = self.leader.driver
        found: Json = read_settings(driver.sandbox)[driver.system].model_dump(mode="json")
        return found

    def mutants(self) -> Sequence[Broken]:
        """List those of the sandbox."""
        found = [self._catalogue.all[one].mutant for one in mutants_in(self.leader.driver.sandbox.rules)]
        return [Broken(one.id, one.subject, one.sentence) for one in found]

    def keep_mutants(self, kept: Sequence[str]) -> None:
        """Switch the others off in the sandbox."""
        set_mutants(self._catalogue, self.leader.driver.sandbox, kept)


@dataclass(frozen=True)
class LocalServer:
    """A server in this process."""

    side: Side
    handled: frozenset[str]
    _stand_in: StandIn
    is_here: bool = True

    @property
    def unfit(self) -> frozenset[str]:
        """What the start of such a server warns of."""
        return self._stand_in.built.imitated.overlays.unfit

    def player(self, subject: Subject, tuned: Json | None = None) -> LocalPlayer:
        """Give its sandbox as the server of one system."""
        oracle = self._stand_in.oracle(subject, tuned=tuned)
        return LocalPlayer(oracle, MutantCatalogue(self._stand_in.built.imitated))


@contextmanager
def local_server(
    side: Side, moment: datetime, *, mutants: Sequence[str] = (), random_seed: int | None = None
) -> Iterator[LocalServer]:
    """
    Build the server of a side.

    Args:
        moment: At which its clock stands.
        mutants: Ids of rules that are broken in it.

    Raises:
        DocumentError: The document cannot be used.
        NoSuchMutant, MutantsClash: The mutants cannot be used.
    """
    options = Options(
        document=side.root,
        overlays=side.overlays,
        settings=settings_of(side),
        mutants=mutants,
        random_seed=random_seed,
        wall_clock=lambda: moment,
    )
    with stand_in(options) as server:
        yield LocalServer(side, frozenset(server.built.imitated.handlers), server)


def settings_of(side: Side) -> SettingsBySystem:
    """Make the settings of the systems that a side says something about."""
    said = side.settings
    return {one.name: apply_merge_patch(one.settings_model(), said[one.name]) for one in SYSTEMS if one.name in said}
