"""The mails of two servers: to whom they went, and which of them have the same code."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from watchword.contract.comparison import Difference
from watchword.contract.driver import Mail


class ShownMail(NamedTuple):
    """
    A mail as it has to be on both servers.

    Args:
        to: The role to which it goes.
        code: The number of the first mail with the same code, from 1; 0 if there is no code in it.
        words: What else has to be the same.
    """

    to: str
    code: int
    words: str


def show_mails(mails: Sequence[Mail], roles: Mapping[str, str], words: Callable[[Mail], str]) -> Sequence[ShownMail]:
    """
    Say what has to be the same of the mails of one server.

    Args:
        roles: Who has which address, in lower case.
        words: Says what else has to be the same.
    """
    codes = [mail.codes[:1] for mail in mails]
    return [
        ShownMail(roles.get(mail.to.lower(), "somebody else"), codes.index(code) + 1 if code else 0, words(mail))
        for mail, code in zip(mails, codes, strict=True)
    ]


def compare_mails(mine: Sequence[ShownMail], theirs: Sequence[ShownMail], *, reads_codes: bool) -> Iterator[Difference]:
    """
    Find how the server's mails differ from those of the stand-in.

    A text of the server's own may have more to copy or to click on than the vendor's.

    Args:
        reads_codes: Whether its codes are read in its mails; otherwise every mail has the one that is known.
    """
    if len(mine) != len(theirs):
        change = "fewer" if len(theirs) < len(mine) else "more"
        yield Difference("mails", count_mails(len(theirs)), count_mails(len(mine)), change=change)
        return
    for number, (one, other) in enumerate(zip(mine, theirs, strict=True), 1):
        if one.to != other.to:
            yield Difference("mails", f"a mail to {other.to}", f"a mail to {one.to}")
        elif one.code and not other.code:
            yield Difference("mails", "a mail without a code", "a mail with a code", change="code")
        elif one.code and one.code != other.code and reads_codes:
            told = _tell_code(number, other.code), _tell_code(number, one.code)
            yield Difference("mails", *told, change="code")
        elif one.words != other.words:
            yield Difference("mails", other.words, one.words)


def _tell_code(number: int, first: int) -> str:
    """Say what code a mail has, given its own number and that of the first mail with this code."""
    return f"a mail with {'another code than before' if number == first else f'the code of mail {first}'}"


def count_mails(number: int) -> str:
    """Write a number of mails."""
    return f"{number} mail{'' if number == 1 else 's'}"
