"""Files that are made from code, document, fixtures and tests, and checked for staleness."""
