"""The real server, killed at random moments under load, and everything it acknowledged compared afterwards."""
