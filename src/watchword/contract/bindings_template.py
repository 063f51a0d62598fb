"""A bindings file to begin with, every line explained."""

from collections.abc import Iterator

from watchword.contract.casts import roles_of

_HEAD = """\
# Bindings of a {system} server for `watchword test`.
# Everything is optional: what is not there makes some scenarios "not testable here", and the run says which and why.
# Any value can be "$NAME": it is then read from the environment, and reports show the name instead of the value.

[server]
# How many wrong passwords in a row one person may enter. 0: nobody is ever locked out, and lock-outs are not tested.
failed_log_ins = 0
# The code in every mail, if the server always sends the same one, as the vendor's sandbox does.
# code = "123456"
# The shortest time by which an expiry can be missed on purpose: a test of "one hour" waits one hour less this.
# clock_precision = "20s"
# mail_patience = "5s"

# Operations that it does not have.
# lacks = ["list_users", "tokenise"]

[server.headers]
# Sent with every request.
# X-Gateway-Key = "$GATEWAY_KEY"

[keys]
# The api-keys of your programmes, by names of your own.
main = "$API_KEY"
# neighbour = "$OTHER_API_KEY"

# The people. Scenarios say "the member" and "the newcomer"; only the situation of the person matters.
# Begin with newcomer and member: half of the scenarios need nobody else.
"""
_TAIL = """
# What the server can be made to do. A request goes to the server itself, or to a whole address.
# A command is a list of words instead: command = ["./reset.sh"].

# [hooks.reset]
# Puts every person back to how they were: without it each run needs a fresh server, and walks are not possible.
# request = "POST /test/reset"

# [hooks.clock]
# Moves the clock of the server forwards; {{seconds}} or {{milliseconds}} are filled in.
# request = "POST /test/clock"
# body = '{{"advance": {{seconds}}}}'

# [hooks.mails]
# Gives the mails as JSON, oldest first: where the list is, and where in a mail its parts are (JSON pointers).
# request = "GET /test/mails"
# list = "/mails"
# to = "/to"
# subject = "/subject"
# text = "/text"

# [settings]
# How your server is configured, where that differs from the vendor's defaults: settings of the stand-in.
# programme = {{ lock_after = 3 }}

# [[accepted]]
# A difference that you live with: its fingerprint from a report, the reason, and until when.
# fingerprint = "3f6c1a2b9d04"
# reason = "fixed in the next release"
# until = 2027-01-31
"""


def write_bindings(system: str) -> str:
    """Write a commented bindings file for a system."""
    return _HEAD.format(system=system) + "".join(_people(system)) + _TAIL.format()


def _people(system: str) -> Iterator[str]:
    for number, role in enumerate(roles_of(system).values()):
        comment = "" if number < 2 else "# "
        yield f'\n# {role.who}\n{comment}[people.{role.name}]\n{comment}key = "main"\n'
        yield f'{comment}id = "1001{number:02}"\n{comment}login = "{role.name}@example.com"\n'
        if role.has_password:
            variable = role.name.upper().replace("-", "_")
            yield f'{comment}password = "${variable}_PASSWORD"\n'
