"""A proxy before somebody else's server: it forwards requests, judges them and their answers, and notes both."""
