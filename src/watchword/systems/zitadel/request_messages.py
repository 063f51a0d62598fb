"""Every message that a request may be, by its full name: what ``x-message`` of the document refers to."""

from collections.abc import Mapping

from watchword.systems.zitadel import messages, session_messages, settings_messages, user_messages
from watchword.systems.zitadel.messages import Message

REQUESTS: Mapping[str, Message] = {
    **messages.REQUESTS,
    **session_messages.REQUESTS,
    **settings_messages.REQUESTS,
    **user_messages.REQUESTS,
}
