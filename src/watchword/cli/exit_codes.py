"""The exit code that commands of different kinds share."""

INTERRUPTED = 130
"""Somebody pressed Ctrl-C: 128 and the number of the signal, as in a shell."""
