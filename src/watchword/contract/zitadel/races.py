"""What many clients of a ZITADEL do at once."""

from collections.abc import Callable, Sequence

from watchword.contract.race import Race, make_races
from watchword.contract.zitadel.password_owner import GOOD, SECOND, WRONG
from watchword.contract.zitadel.story import ZITADEL, Story


def tell_races() -> Sequence[Race]:
    """Tell every race."""
    return make_races(_TOLD, lambda: Story(ZITADEL))


def _a_code_sets_one_password_however_many_redeem_it_at_once(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code(GOOD)


def _of_two_new_passwords_for_one_code_one_is_set(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code(GOOD)
    member.redeems_code(SECOND)


def _one_of_many_changes_with_the_same_current_password_is_done(story: Story) -> None:
    member = story.person("member")
    member.changes_password(GOOD, current=member.first_password)
    member.changes_password(SECOND, current=member.first_password)


def _wrong_passwords_at_once_are_counted_until_the_user_is_locked(story: Story) -> None:
    strict = story.person("strict")
    strict.signs_in(WRONG).says("strict signs in with a wrong password")


def _a_user_is_locked_once_however_many_lock_it(story: Story) -> None:
    story.person("manager").locks(story.person("member"))


_TOLD: Sequence[tuple[str, int, Callable[[Story], None]]] = (
    ("zitadel.code.single_use", 1, _a_code_sets_one_password_however_many_redeem_it_at_once),
    ("zitadel.code.single_use", 2, _of_two_new_passwords_for_one_code_one_is_set),
    ("zitadel.current.order", 2, _one_of_many_changes_with_the_same_current_password_is_done),
    ("zitadel.session.lockout", 1, _wrong_passwords_at_once_are_counted_until_the_user_is_locked),
    ("zitadel.state.change", 1, _a_user_is_locked_once_however_many_lock_it),
)
