"""Sandboxes: isolated worlds for tests, and the unit of work that a request does in one of them."""

from watchword.sandbox.registry import DEFAULT, Sandboxes, TooManySandboxes
from watchword.sandbox.sandbox import Sandbox

__all__ = ["DEFAULT", "Sandbox", "Sandboxes", "TooManySandboxes"]
