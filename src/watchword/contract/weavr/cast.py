"""The people of the scenarios, by their roles: only the situation matters, so every server can have its own."""

from collections.abc import Mapping
from dataclasses import dataclass

MULTI, PAYMENT_RUN = "weavr_multi", "weavr_payment_run"
PRODUCTS = (MULTI, PAYMENT_RUN)
_WITH_PASSWORD, _WITHOUT_PASSWORD = ("id", "login", "password", "key"), ("id", "login", "key")


@dataclass(frozen=True)
class Role:
    """
    A role in the scenarios.

    Args:
        who: Plays it, as a sentence for people who have to find such a person on their server.
        names: Of the seed people who play it, by product.
        words: What is known of that person.
    """

    name: str
    who: str
    names: Mapping[str, str]
    words: tuple[str, ...] = _WITH_PASSWORD


def _role(name: str, multi: str, payment_run: str, who: str, *, has_password: bool = True) -> Role:
    names = {MULTI: multi, PAYMENT_RUN: payment_run}
    words = _WITH_PASSWORD if has_password else _WITHOUT_PASSWORD
    return Role(name, who, {product: one for product, one in names.items() if one}, words)


ROLES: Mapping[str, Role] = {
    one.name: one
    for one in (
        _role("newcomer", "basil", "bella", "An active root user without a password.", has_password=False),
        _role("member", "ada", "bruno", "An active root user (Multi: a consumer) with a password."),
        _role("head", "clara", "cyrus", "The root user of a corporate (Payment Run: a buyer) that has further users."),
        _role("colleague", "dario", "dinah", "A further user of the head's corporate or buyer, with a password."),
        _role("expired", "elsa", "ewan", "A root user whose password has expired."),
        _role("expired-quarterly", "emil", "edith", "A root user of a programme whose passwords expire; this one has."),
        _role("expiring", "eric", "enid", "A root user whose password expires ten days after the beginning."),
        _role("inactive", "frida", "felix", "A deactivated root user with a password."),
        _role("inactive-newcomer", "gus", "gina", "A deactivated root user without a password.", has_password=False),
        _role("locked", "hilda", "harry", "A root user whose log-in is locked at the beginning."),
        _role("sharer", "ines", "iris", "A root user with a password, whose e-mail address somebody else has too."),
        _role("shared-newcomer", "jonas", "jack", "The other one, without a password.", has_password=False),
        _role("without-identity", "milo", "mona", "A user whose identity cannot be found.", has_password=False),
        _role(
            "lost-twin",
            "milena",
            "",
            "A user with a password whose identity cannot be found, who shares an e-mail address with a younger user.",
        ),
        _role("young-twin", "tom", "", "That younger user, who has no password.", has_password=False),
        _role("vaulted", "nora", "noel", "A root user of a programme that takes passwords as tokens only."),
        _role("vaulted-newcomer", "nils", "nina", "The same without a password.", has_password=False),
        _role("users-only", "otto", "otis", "In a programme without a profile for root users.", has_password=False),
        _role("unprofiled", "paula", "pia", "In a programme without any password profile.", has_password=False),
        _role("neighbour", "quinn", "quentin", "A root user of another programme, with another key."),
        _role("suspended", "rosa", "ruth", "A root user of a suspended programme."),
        _role(
            "invited", "mira", "mabel", "A user whom the head made and invited, without a password.", has_password=False
        ),
        _role("late", "tessa", "theo", "A user whose invitation has expired.", has_password=False),
        _role("uninvited", "sven", "silas", "A user whom the head made and did not invite.", has_password=False),
        _role("invited-inactive", "uma", "ugo", "An invited user who was deactivated.", has_password=False),
        _role("other-head", "greta", "bruno", "The root user of another corporate or buyer."),
        _role("back-office", "kira", "", "Works for the back office of the head's corporate, with a password."),
        _role("back-office-newcomer", "lars", "", "The same without a password.", has_password=False),
        Role("tagged", "A further user of the head's corporate with a tag.", {MULTI: "dario"}, ("login", "tag")),
        Role(
            "other-product",
            "Somebody who has the key of a suspended programme of the other product.",
            {MULTI: "rosa", PAYMENT_RUN: "ruth"},
            ("other_key",),
        ),
        Role("front-end", "A page that has the public key of the member's programme.", {MULTI: "ada"}, ("public_key",)),
    )
}
