"""A defect of our own while an entry is read costs that entry only, and is logged without anything that was sent."""

import logging
import traceback

_errors = logging.getLogger("watchword.error")


def log_failure(number: int, error: Exception) -> None:
    """Log where reading entry *number* failed, without the message of *error*, which may quote a secret."""
    frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
    _errors.error("entry %d of the journal cannot be read: %s\n%s", number, type(error).__name__, frames)
