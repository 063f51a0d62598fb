"""Schemathesis against the running server, over HTTP, with every phase and every check."""
