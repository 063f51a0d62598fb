"""The proxy before somebody else's server."""
