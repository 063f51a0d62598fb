"""A bindings file to begin with, every line explained."""

from watchword.contract.subject import BindingsExample, Role, Subject, in_words

_HEAD = """\
# Bindings of a server for `watchword test --system {system}`.
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

# Operations that it does not have; * stands for anything.
# lacks = [{lacks}]

[server.headers]
# Sent with every request.
# X-Gateway-Key = "$GATEWAY_KEY"

[keys]
{keys}
# The people. Scenarios say {quoted}; only the situation of the person matters.
# Begin with {first}: half of the scenarios need nobody else.
"""
_TAIL = """
# What the server can be made to do. A request goes to the server itself, or to a whole address.
# A command is a list of words instead: command = ["./reset.sh"].

# [hooks.reset]
# Puts every person back to how they were, and the clock back to the real time: without it each run needs a fresh
# server, and walks are not possible.
# request = "POST /test/reset"

# [hooks.clock]
# Moves the clock of the server forwards; {{seconds}} or {{milliseconds}} are filled in.
# request = "POST /test/clock"
# body = '{{"advance": {{seconds}}}}'

# [hooks.mails]
# Gives all mails as JSON, oldest first; those that are there when a scenario begins do not count.
# Say where the list is, and where in a mail its parts are (JSON pointers).
# request = "GET /test/mails"
# list = "/mails"
# to = "/to"
# subject = "/subject"
# text = "/text"
# Or from a Mailpit, or from a mailbox by IMAP, in which nothing is changed: of mails to the people above, that is.
# mailpit = "http://localhost:8025"
# imap = "imaps://tester:$IMAP_PASSWORD@mail.example.com/INBOX"
# What a person would copy from a text, as a regular expression, or a group of it.
# code = '{code}'

# [settings]
# How your server is configured, where that differs from the vendor's defaults: settings of the stand-in.
# {settings}

# [[accepted]]
# A difference that you live with, the reason, and until when; what comes after it in a scenario is still compared.
# Reports say which lines accept a difference. Its fingerprint means this one, and "rule" all that break a rule;
# "place", "was" and "should" mean all that are told with these words, in any answer (* stands for anything).
# place = "body/requestId"
# reason = "our gateway adds it"
# until = 2027-01-31
# [[accepted]]
# place = "/errorCode"
# was = "WRONG_NONCE"
# should = "INVALID_NONCE_OR_EMAIL"
# reason = "our own spelling"
"""


def write_bindings(subject: Subject) -> str:
    """Write a commented bindings file for a system."""
    example, names = subject.example, subject.first_roles
    lacks = ", ".join(f'"{operation}"' for operation in example.lacks)
    quoted, first = in_words([f'"the {one}"' for one in names]), in_words(names)
    head = _HEAD.format(system=subject.system, lacks=lacks, keys=example.keys, quoted=quoted, first=first)
    people = (_person(number, role, example) for number, role in enumerate(subject.roles.values()))
    return head + "".join(people) + _TAIL.format(code=subject.code, settings=example.settings)


def _person(number: int, role: Role, example: BindingsExample) -> str:
    comment, variable = "" if number < example.first else "# ", role.name.upper().replace("-", "_")
    said = [
        f'{word} = "{form.format(number=number, role=role.name, variable=variable)}"'
        for word, form in example.words.items()
        if word in role.words
    ]
    lines = [f"[people.{role.name}]", *said]
    return f"\n# {role.who}\n" + "".join(f"{comment}{line}\n" for line in lines)
