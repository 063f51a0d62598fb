"""What many applications do at once."""

from collections.abc import Callable, Iterator, Sequence

from watchword.contract.entrust.story import GOOD, SECOND, Story
from watchword.contract.race import Race
from watchword.contract.scenario import Scenario
from watchword.systems.entrust.seed_data import SYSTEM


def tell_races() -> Sequence[Race]:
    """Tell every race."""
    return tuple(_races())


def _races() -> Iterator[Race]:
    for rule, contenders, tell in _TOLD:
        story = Story(SYSTEM)
        tell(story)
        name = tell.__name__.removeprefix("_")
        yield Race(Scenario(SYSTEM, name, "Many at once", (rule,), (), tuple(story.steps)), contenders)


def _a_password_is_removed_once_however_many_remove_it(story: Story) -> None:
    story.administrator.removes(story.user("member"))


def _the_same_password_is_set_once_however_many_set_it(story: Story) -> None:
    story.administrator.sets(story.user("newcomer"), GOOD)


def _of_two_passwords_each_is_set_once(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.authenticates()
    administrator.sets(newcomer, GOOD)
    administrator.sets(newcomer, SECOND)


_TOLD: Sequence[tuple[str, int, Callable[[Story], None]]] = (
    ("entrust.password.nothing-to-remove", 1, _a_password_is_removed_once_however_many_remove_it),
    ("entrust.history.size", 1, _the_same_password_is_set_once_however_many_set_it),
    ("entrust.history.size", 2, _of_two_passwords_each_is_set_once),
)
