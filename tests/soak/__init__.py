"""Kill the real server at random moments under load, and check that every acknowledged write is still there."""
