"""The exit codes that commands of different kinds share."""

INTERRUPTED = 130
"""Somebody pressed Ctrl-C: 128 and the number of the signal, as in a shell."""

UNREAD = 141
"""Nobody reads the output any more, as behind ``| head -1``: 128 and the number of SIGPIPE, as in a shell."""
