"""
A client of the control API, for tests and scripts in Python: needs nothing but the standard library.

    box = Watchword("http://127.0.0.1:7070").sandbox("my test")
    ada = box.person("weavr_multi")
    mail = box.inbox.wait(to=ada.login)
"""

from watchword.client.clock import Clock
from watchword.client.connection import DEFAULT_URL
from watchword.client.errors import WatchwordError
from watchword.client.faults import Faults
from watchword.client.inbox import Inbox, Mail
from watchword.client.journal import Entry, Journal
from watchword.client.names import sandbox_name
from watchword.client.people import Person
from watchword.client.settings import Settings
from watchword.client.watchword import Sandbox, Watchword

__all__ = [
    "DEFAULT_URL",
    "Clock",
    "Entry",
    "Faults",
    "Inbox",
    "Journal",
    "Mail",
    "Person",
    "Sandbox",
    "Settings",
    "Watchword",
    "WatchwordError",
    "sandbox_name",
]
