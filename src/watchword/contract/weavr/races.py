"""What many clients of a Weavr product do at once."""

from collections.abc import Callable, Sequence

from watchword.contract.race import Race, make_races
from watchword.contract.weavr.story import GOOD, SECOND, WRONG, Story


def tell_races(product: str) -> Sequence[Race]:
    """Tell every race of a product."""
    return make_races(_TOLD, lambda: Story(product))


def _a_code_sets_one_password_however_many_use_it_at_once(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes(GOOD)


def _of_two_passwords_with_one_code_one_is_set(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes(GOOD)
    member.resumes(SECOND)


def _a_first_password_is_created_once_however_many_create_it(story: Story) -> None:
    story.person("newcomer").creates(GOOD)


def _one_of_many_updates_with_the_same_old_password_is_done(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    member.updates(GOOD, old=member.first_password, token=member.token())
    member.updates(SECOND, old=member.first_password, token=member.token())


def _wrong_passwords_at_once_are_all_counted(story: Story) -> None:
    member = story.person("member")
    member.logs_in(WRONG).says("member logs in with a wrong password")


def _an_invitation_is_consumed_once_however_many_consume_it(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    user.consumes_invite(GOOD)


_TOLD: Sequence[tuple[str, int, Callable[[Story], None]]] = (
    ("weavr.nonce.kept", 1, _a_code_sets_one_password_however_many_use_it_at_once),
    ("weavr.nonce.kept", 2, _of_two_passwords_with_one_code_one_is_set),
    ("weavr.create.once", 1, _a_first_password_is_created_once_however_many_create_it),
    ("weavr.update.old-password", 2, _one_of_many_updates_with_the_same_old_password_is_done),
    ("weavr.login.locked", 1, _wrong_passwords_at_once_are_all_counted),
    ("weavr.invite.consumed", 1, _an_invitation_is_consumed_once_however_many_consume_it),
)
