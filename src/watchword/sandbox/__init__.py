"""Sandboxes: isolated state for tests, and the unit of work that one request does in it."""

from watchword.sandbox.registry import DEFAULT, Sandboxes, SandboxLimitReached
from watchword.sandbox.sandbox import Sandbox

__all__ = ["DEFAULT", "Sandbox", "SandboxLimitReached", "Sandboxes"]
