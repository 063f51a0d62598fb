"""What every request was, how it was answered, and why: noted in passing, explained when somebody asks."""

from watchword.journal.captured import Captured
from watchword.journal.journal import Journal

__all__ = ["Captured", "Journal"]
