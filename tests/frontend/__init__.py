"""Real front-end tools against the server: the JavaScript of the README, in a real browser."""
