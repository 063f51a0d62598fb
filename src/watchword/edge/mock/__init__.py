"""Answers made from the document alone, for operations that have no handler."""
