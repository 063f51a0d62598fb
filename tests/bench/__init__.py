"""
Speed and memory in comparison with similar servers, on one machine: ``make bench``.

These are no tests: no assertion depends on time.
The servers run on the first core, and the clients on the last one. What is compared is measured in turns, round by
round, so that a slow moment of the machine affects all of it.
"""
