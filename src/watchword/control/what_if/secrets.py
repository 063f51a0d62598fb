"""Changes of what only the right person knows: passwords and codes."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus

from watchword.control.request_change import RequestChange
from watchword.control.what_if.case import Case, Path, Proposal, patch_at

_CODES = ("code", "nonce", "token")
_PASSWORDS = ("password", "secret", "value")
_OLD = ("old", "current", "check")
_FITTING = ("Quiet-River-4271!", "Qr7!vmzt", "Tall-Ship-5519?Quiet-River-4271!", "Vq8!z")
"""Passwords that fit most policies, of different lengths."""
_MOST_MESSAGES = 6


def codes_of_mails(case: Case) -> Iterator[Proposal]:
    """Propose the codes that were sent, newest first, those to the people concerned before the others."""
    places = [path for path, _ in case.leaves() if any(word in path[-1].lower() for word in _CODES)]
    logins = {one.login.lower() for one in case.concerned if one.login}
    messages = tuple(case.place.mailbox)
    to_them = [one for one in messages if one.to.lower() in logins]
    for message in (*to_them, *(one for one in messages if one not in to_them))[:_MOST_MESSAGES]:
        for code in message.codes:
            for place in places:
                sentence = f"with the code of mail {message.id} to {message.to}"
                yield Proposal(sentence, RequestChange(body=patch_at(place, code)))
    for one in case.people:
        for known in one.state.codes:
            if known.code and not known.expired:
                for place in places:
                    sentence = f"with the code of {one.name}"
                    yield Proposal(sentence, RequestChange(body=patch_at(place, known.code)))


def passwords(case: Case) -> Iterator[Proposal]:
    """Propose the passwords of those whom it concerns, and others that fit."""
    places = sorted((path for path, _ in _named(case, _PASSWORDS)), key=lambda path: not _is_old(path))
    known = [(f"with the password of {one.name}", one.password) for one in case.concerned if one.password]
    fitting = [("with a password that fits", one) for one in _FITTING]
    signs_in = case.explanation.entry.response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    for place in places:
        for sentence, password in [*known, *fitting] if signs_in or _is_old(place) else [*fitting, *known]:
            yield Proposal(f"{sentence} as {'.'.join(place)}", RequestChange(body=patch_at(place, password)))


def _named(case: Case, words: Sequence[str]) -> Iterator[tuple[Path, str]]:
    for path, value in case.leaves():
        if isinstance(value, str) and any(word in path[-1].lower() for word in words):
            yield path, value


def _is_old(path: Path) -> bool:
    return any(word in step.lower() for step in path for word in _OLD)
