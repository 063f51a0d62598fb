"""What many applications do at once."""

from collections.abc import Callable, Sequence

from watchword.contract.entrust.story import GOOD, SECOND, Story
from watchword.contract.race import Race, make_races
from watchword.systems.entrust.seed_data import SYSTEM


def tell_races() -> Sequence[Race]:
    """Tell every race."""
    return make_races(_TOLD, lambda: Story(SYSTEM))


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
