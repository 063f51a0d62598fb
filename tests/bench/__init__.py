"""
Speed and memory, beside peers, on one machine: ``make bench``.

Nothing here is a test: no assertion depends on time.
The servers run on the first core, everything that asks them on the last, and what is compared
is measured in turn, round by round, so that a slow moment of the machine meets all alike.
"""
