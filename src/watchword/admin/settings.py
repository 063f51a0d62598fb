"""``/__admin/settings``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.sandboxes import enter_sandbox
from watchword.control.settings import change_settings, describe_settings, read_settings, replace_settings
from watchword.sandbox import Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class SettingsHandlers:
    """
    The handlers for the settings of the sandbox that a call names.

    The document judges names and types, because `complete_document` completes it from the models;
    what is left to the models is whether the values fit together.
    """

    sandboxes: Sandboxes

    def read(self, call: Call) -> Answer:
        """Write out the settings of all systems."""
        return Answer(body=shapes.settings(read_settings(enter_sandbox(self.sandboxes, call.sandbox))))

    def describe(self, _call: Call) -> Answer:
        """Give each system's settings as a JSON schema."""
        return Answer(body=describe_settings(self.sandboxes))

    def replace(self, call: Call) -> Answer:
        """Set what the body names, and take everything else back to its default."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        return Answer(body=shapes.settings(replace_settings(sandbox, call.body)))

    def change(self, call: Call) -> Answer:
        """Set what the body names; null takes a setting, or a whole system, back to its default."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        return Answer(body=shapes.settings(change_settings(sandbox, call.body)))
