"""What somebody changed in a form, told apart from what others have changed since it was shown."""

from collections.abc import Mapping

from watchword.control.errors import ControlError, SettingViolation

_SHOWN = "shown:"
"""Before the name of a field: the hidden one that says what the form showed."""


class Overtaken(ControlError):
    """Somebody else has changed the same fields since the form was shown; *violations* lists them."""

    code = "overtaken"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            "Somebody else has changed the same fields since this form was shown; nothing was saved."
            " Look at what they hold now, and save again."
        )
        detail = "is no longer what the form showed"
        self.violations = tuple(SettingViolation(tuple(one.split(".")), detail) for one in names)


def read_edits(form: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """
    Read the fields that somebody changed in a form, by name, with what they hold.

    Args:
        form: What was sent; a field without what the form showed is compared with what is so now.
        now: What each field of the form would show now.

    Raises:
        Overtaken: Others have changed some of these fields, and to something else.
    """
    sent = {name: _plain(form.get(name, value)) for name, value in now.items()}
    shown = {name: _plain(form.get(f"{_SHOWN}{name}", value)) for name, value in now.items()}
    edits = {name: text for name, text in sent.items() if text not in (shown[name], _plain(now[name]))}
    overtaken = [name for name in edits if shown[name] != _plain(now[name])]
    if overtaken:
        raise Overtaken(overtaken)
    return edits


def _plain(text: str) -> str:
    """Give a text as it was before a browser sent it."""
    return text.replace("\r\n", "\n")
