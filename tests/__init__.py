"""The proof: mirrors ``src`` file by file."""
