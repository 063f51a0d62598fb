"""Vendor page 'Update a password'."""

from tests.outcomes import proves
from tests.systems.weavr.products import (
    Weavr,
    both,
)

OPERATION = "update_password"


@proves("weavr.mail.changed")
@both
def test_a_mail_says_that_the_password_has_changed(weavr: Weavr) -> None:
    weavr.update()
    assert weavr.inbox.latest(to=weavr.person("member").login).subject == "Your Password Has Been Changed"
