"""What an imitated system provides, what its handlers are given, its settings and its seed data."""

from watchword.system.call import Answer, AnswerContext, Call
from watchword.system.system import Handler, Quickstart, System, Verifier, all_after, all_before

__all__ = ["Answer", "AnswerContext", "Call", "Handler", "Quickstart", "System", "Verifier", "all_after", "all_before"]
