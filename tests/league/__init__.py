"""
How many broken rules testers notice, ours and those of others: ``make league``.

These are no tests: a mutant that nobody notices fails nothing.
Every tester meets each mutant on a server of its own, which is right in everything else. What a tester says of the
right server, too, is a false alarm, and only what it says of a mutant alone counts.
"""
