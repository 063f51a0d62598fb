"""Mails that are read in a Mailpit or by IMAP: nothing is found on a server that is right, and what is wrong is."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.conftest import Examine, begin
from tests.scenarios.mail_servers import PASSWORD, USER, serving_imap, serving_mailpit
from tests.scenarios.other_multi import Multi, write_bindings
from watchword.contract.bindings import Bindings, UnusableBindings, read_bindings
from watchword.contract.driver import TargetFailed
from watchword.contract.dry_run import find_problems
from watchword.contract.hooks import Said
from watchword.contract.mailboxes import ListedMails
from watchword.contract.oracle import Oracle
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade

MULTI = SUBJECTS["weavr_multi"]
LOST = [one for one in MULTI.tell() if one.topic == "A lost password"]
Read = Callable[[str], Bindings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bindings whose mails are somewhere else."""

    def read(mails: str) -> Bindings:
        head, _, _ = write_bindings().partition("[hooks.mails]")
        file = tmp_path / "bindings.toml"
        file.write_text(f"{head}[hooks.mails]\n{mails}\n", encoding="utf-8")
        return read_bindings(file, MULTI, {"IMAP_PASSWORD": PASSWORD, "TWO_LINES": "a\nb"})

    return read


@pytest.fixture
def strange(multi: Multi) -> Multi:
    """A server whose mailbox has mails to other people, and old ones."""
    old = {"to": "member@other.example", "subject": "Old", "text": "Code: 111111."}
    multi.delivered[:] = [old, {"to": "stranger@other.example", "subject": "Hello", "text": "Code: 222222."}]
    return multi


@pytest.fixture(params=["imap", "mailpit"])
def examine(
    request: pytest.FixtureRequest, read: Read, oracle: Oracle, other: tuple[str, Multi], strange: Multi
) -> Iterator[Examine]:
    """Begin a test of that server, whose mails are in one or the other."""
    if request.param == "imap":
        with serving_imap(strange.delivered, closes_after=[40, 9, 5]) as (port, _):
            mails = f'imap = "imap://{USER}:$IMAP_PASSWORD@127.0.0.1:{port}/INBOX"'
            with begin(oracle, other[0], read(mails), Grade.VERIFIED) as examine:
                yield examine
    else:
        with (
            serving_mailpit(strange.delivered) as url,
            begin(oracle, other[0], read(f'mailpit = "{url}"'), Grade.VERIFIED) as examine,
        ):
            yield examine


def test_nothing_is_found_on_a_server_that_is_right(examine: Examine) -> None:
    run = examine()
    assert list(find_problems(run.oracle, run.target)) == []
    run.play(LOST)
    assert run.findings == []
    assert sum(not one.skipped for one in run.played) > 20


def test_a_mail_that_is_not_sent_is_missed(examine: Examine, multi: Multi) -> None:
    multi.defect = "no mail says that a password has changed"
    run = examine()
    run.play([one for one in LOST if "weavr.mail.changed" in (*one.proves, *one.shows)])
    assert [(one.rule, one.place) for one in run.findings] == [("weavr.mail.changed", "mails")]


def test_a_mailbox_is_read_over_an_encrypted_connection_whose_certificate_is_trusted(
    read: Read,
    other: tuple[str, Multi],
    strange: Multi,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving_imap(strange.delivered, certificate) as (port, heard):
        target = read(f'imap = "imaps://{USER}:$IMAP_PASSWORD@localhost:{port}"').target(other[0])
        with pytest.raises(Exception, match=f"^hooks.mails: localhost:{port} does not answer .*CERTIFICATE"):
            target.mails()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert target.mails() == []
        strange.delivered.append({"to": "member@other.example", "subject": "New", "text": "Code: 333333."})
        (mail,) = target.mails()
        assert (mail.to, mail.subject, mail.codes) == ("member@other.example", "New", ("333333",))
        target.close()
    assert {"EXAMINE", "LOGOUT"} <= set(heard)
    assert not {"SELECT", "STORE", "EXPUNGE"} & set(heard)


@pytest.mark.parametrize(
    ("mails", "said"),
    [
        ('imap = "imap://tester:Fennel-33@127.0.0.1:{port}"', "refuses the name or the password"),
        ('imap = "imap://tester:$IMAP_PASSWORD@127.0.0.1:{port}/Archive"', "has no mailbox Archive"),
        ('imap = "imap://tester:$IMAP_PASSWORD@127.0.0.1:9"', "127.0.0.1:9 does not answer"),
        ('mailpit = "http://127.0.0.1:9"', "http://127.0.0.1:9 does not answer GET /api/v1/search"),
        ('mailpit = "http://127.0.0.1:{pit}"', "is not a Mailpit: GET /api/v1/search was answered 404"),
    ],
)
def test_a_dry_run_says_why_mails_cannot_be_read(
    read: Read, oracle: Oracle, other: tuple[str, Multi], mails: str, said: str
) -> None:
    with serving_imap([]) as (port, _), serving_mailpit([]) as pit:
        target = read(mails.format(port=port, pit=pit.rpartition(":")[2].removesuffix("/pit"))).target(other[0])
        (problem,) = find_problems(oracle, target)
        target.close()
    assert problem.startswith("hooks.mails: ")
    assert said in problem
    assert "Fennel" not in problem
    assert PASSWORD not in problem


@pytest.mark.parametrize(
    ("mails", "said"),
    [
        ("", "hooks.mails needs one of request, command, imap, mailpit"),
        ('imap = "imaps://u:$IMAP_PASSWORD@h"\nmailpit = "http://h"', "needs one of request, command, imap, mailpit"),
        (
            'imap = "https://tester:Fennel-33@h"',
            'hooks.mails.imap is not an address as in "imaps://user:$PASSWORD@host',
        ),
        ('imap = "imaps://tester:Fennel-33@h:x"', "hooks.mails.imap is not an address"),
        ('imap = "imaps://tester@h"', "hooks.mails.imap is not an address"),
        ('imap = "imaps://tester:$NOBODY@h"', "hooks.mails.imap: the environment has no variable NOBODY"),
        ('imap = "imaps://tester:$TWO_LINES@h"', "hooks.mails.imap has a line break in it"),
        ('imap = "imaps://tester:Fennel-33@h/In?a=b"', "hooks.mails.imap has more than a mailbox in its path"),
        ('imap = "imaps://tester:F%C3%BCnnel-33@h"', "hooks.mails.imap has a name or a password beyond ASCII"),
        ("imap = 5", "hooks.mails.imap has to be a text"),
        ('mailpit = "h:8025"', "hooks.mails.mailpit has to begin with http://"),
        ('mailpit = "http://h"\nlist = "/a"', "list, to, subject and text are for a request or a command"),
        ('mailpit = "http://h"\ncode = "("', "hooks.mails.code is not a regular expression"),
    ],
)
def test_a_mailbox_that_cannot_be_used_says_what_is_wrong_with_it(read: Read, mails: str, said: str) -> None:
    with pytest.raises(UnusableBindings) as error:
        read(mails).target("http://127.0.0.1:9")
    assert said in str(error.value)
    assert "nnel" not in str(error.value)


@dataclass(frozen=True)
class Says:
    """A hook that answers with the same JSON each time."""

    content: bytes

    def run(self, **_values: str) -> Said:
        return Said(self.content)


@pytest.mark.parametrize(
    ("answer", "mails", "said"),
    [
        ({"sent": []}, "", 'hooks.mails.list: the answer has no list at ""; there is one at /sent'),
        (
            {"sent": []},
            "/mails",
            'hooks.mails.list: the answer has no list at "/mails"; there is one at /sent',
        ),
        ({}, "/mails", 'hooks.mails.list: the answer has no list at "/mails"'),
        ([{"to": "a", "title": "b"}], "", 'hooks.mails.subject: a mail has nothing at "/subject"; it has /to, /title'),
    ],
)
def test_an_answer_without_mails_where_they_should_be_is_told_with_what_it_has(
    answer: Any, mails: str, said: str
) -> None:
    with pytest.raises(TargetFailed) as failed:
        ListedMails(Says(json.dumps(answer).encode()), mails).read()
    assert said in str(failed.value)
