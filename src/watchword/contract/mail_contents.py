"""What stands in a mail, and what a scenario says that has to stand there."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from watchword.contract.driver import Mail
from watchword.contract.lane import Lane
from watchword.contract.steps import LookAtMails
from watchword.contract.values import Template, fill


class Lack(NamedTuple):
    """What a mail does not have, in words, and what it should have."""

    was: str
    should: str


def find_lacks(lane: Lane, step: LookAtMails) -> frozenset[Lack]:
    """
    Find what the newest mail to a person lacks; nothing if a step asks for nothing.

    Raises:
        Unknown: A value that should be in it is not known here.
    """
    return frozenset(
        lack
        for needed, has, lack in _requirements(step)
        if needed and not any(has(mail, _texts(lane, needed)) for mail in lane.mails_to(step.to)[-1:])
    )


def _requirements(
    step: LookAtMails,
) -> Iterator[tuple[Sequence[Template], Callable[[Mail, Sequence[str]], bool], Lack]]:
    yield step.link_has, _has_link, Lack("no link has all that the next call needs", "a link has it")
    yield step.link_passes, _passes_on, Lack("no link has all that the next call needs as parameters", "a link has it")
    yield step.text_has, _says, Lack("the text does not name all that it should", "the text names it")


def _has_link(mail: Mail, texts: Sequence[str]) -> bool:
    return any(all(text in unquote(link) for text in texts) for link in mail.links)


def _passes_on(mail: Mail, texts: Sequence[str]) -> bool:
    """Whether all of *texts* are whole parameters of one link: a page reads them there."""
    return any(set(texts) <= {value for _, value in parse_qsl(urlsplit(link).query)} for link in mail.links)


def _says(mail: Mail, texts: Sequence[str]) -> bool:
    said = _spaced_once(mail.text)
    return all(_spaced_once(text) in said for text in texts)


def _texts(lane: Lane, needed: Sequence[Template]) -> Sequence[str]:
    return [str(one) for one in fill(list(needed), lane.known)]


def _spaced_once(text: str) -> str:
    return " ".join(text.split())
