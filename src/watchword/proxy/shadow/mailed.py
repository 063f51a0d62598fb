"""Which code of the stand-in's mails is meant by a code of the server's."""

from collections.abc import Iterable

from watchword.contract.driver import Ability, TargetFailed
from watchword.contract.lane import Lane
from watchword.contract.values import Unknown


class Unread(Exception):
    """Mails cannot be read; the message says why."""


class MailedCodes:
    """
    The codes in the mails of both servers.

    Args:
        mine: The stand-in.
        theirs: The server.
    """

    def __init__(self, mine: Lane, theirs: Lane) -> None:
        self._mine, self._theirs = mine, theirs

    def counterpart(self, code: str, roles: Iterable[str]) -> str | None:
        """
        Find the code in the stand-in's mail that is as new as the one in which the server sent *code*.

        Args:
            roles: To whom it may have been sent.

        Returns:
            None if the server has sent nobody this code.

        Raises:
            Unread: That is not known.
        """
        mailed = {role: mine for role in sorted(roles) if (mine := _codes(self._mine, role))}
        if mailed and Ability.CODES not in self._theirs.driver.abilities:
            raise Unread("the bindings do not say where codes are: hooks.mails, or server.code")
        for role, mine in mailed.items():
            back = self._place(code, role)
            if back is not None and back < len(mine):
                return mine[-1 - back]
        return None

    def _place(self, code: str, role: str) -> int | None:
        """Find how many mails with codes came after the one that has *code*; None if none has it."""
        always = self._theirs.driver.code
        if always is not None:
            return 0 if always == code else None
        try:
            theirs = _codes(self._theirs, role)[::-1]
        except TargetFailed as error:
            raise Unread(str(error)) from None
        return theirs.index(code) if code in theirs else None


def _codes(lane: Lane, role: str) -> list[str]:
    """List the codes that were sent to a person, oldest first."""
    try:
        return [code for mail in lane.mails_to(role) for code in mail.codes[:1]]
    except Unknown:
        return []
