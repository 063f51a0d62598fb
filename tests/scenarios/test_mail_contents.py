"""A mail has what the next call needs, its text says what it should, and its code is new where the stand-in's is."""

from collections.abc import Sequence

import pytest

from watchword.contract.driver import Mail
from watchword.contract.lane import Lane
from watchword.contract.mail_comparison import compare_mails, show_mails
from watchword.contract.mail_contents import find_lacks
from watchword.contract.oracle import Oracle
from watchword.contract.steps import LookAtMails
from watchword.contract.values import Of

ADDRESS = "ada@multi.example"


class OneMail(Lane):
    """A lane whose member has one mail."""

    def __init__(self, oracle: Oracle, link: str, text: str) -> None:
        super().__init__(oracle.driver, oracle.operations)
        self._mail = Mail(ADDRESS, "News", ("123456",), (link,), text)

    def mails_to(self, _role: str) -> Sequence[Mail]:
        """List it."""
        return [self._mail]


@pytest.mark.parametrize(
    ("link", "lacks"),
    [
        (f"https://portal.example/set?code=123456&mail={ADDRESS}", 0),
        (f"https://portal.example/set?code=123456&mail={ADDRESS.replace('@', '%40')}#here", 0),
        (f"https://portal.example/{ADDRESS}?code=123456&mail={ADDRESS[:-1]}", 1),
        (f"https://portal.example/123456/{ADDRESS}", 1),
    ],
    ids=["whole", "encoded", "cut", "in the path only"],
)
def test_a_link_passes_on_what_its_parameters_are(oracle: Oracle, link: str, lacks: int) -> None:
    step = LookAtMails("member", 1, link_passes=("123456", Of("member", "login")))
    assert len(find_lacks(OneMail(oracle, link, ""), step)) == lacks


@pytest.mark.parametrize(("text", "lacks"), [("For\r\n  Ada  Byrne.", 0), ("For Ada Byrn.", 1)])
def test_a_text_has_words_however_they_are_spaced(oracle: Oracle, text: str, lacks: int) -> None:
    step = LookAtMails("member", 1, text_has=("Ada Byrne",))
    assert len(find_lacks(OneMail(oracle, "", text), step)) == lacks


def differences(mine: str, theirs: str, *, reads_codes: bool = True) -> list[tuple[str, str]]:
    """Compare mails to one person, each with the code that a letter stands for; a blank stands for none."""
    shown = [
        show_mails(
            [Mail(ADDRESS, "News", () if code == " " else (code,), (), "") for code in codes],
            {ADDRESS: "member"},
            lambda _mail: "",
        )
        for codes in (mine, theirs)
    ]
    return [(one.was, one.should) for one in compare_mails(*shown, reads_codes=reads_codes)]


def test_mails_have_the_same_code_where_those_of_the_stand_in_have() -> None:
    assert differences("aba", "xyx") == differences("a b", "xxy") == []
    assert differences("aa", "xy") == [("a mail with another code than before", "a mail with the code of mail 1")]
    assert differences("ab", "xx") == [("a mail with the code of mail 1", "a mail with another code than before")]


def test_a_code_that_is_known_is_not_looked_for_in_mails() -> None:
    assert differences("aa", "xy", reads_codes=False) == []
    assert differences("aa", "x ", reads_codes=False) == [("a mail without a code", "a mail with a code")]
