"""A small IMAP server and a small Mailpit, which show the mails of somebody else's server."""

import json
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.scenarios.serving_others import Server

USER, PASSWORD = "tester", "Walnut-77-plum"
Box = Sequence[dict[str, str]]
"""Mails, oldest first; the UID of one is its number from 1."""


class Imap(StreamRequestHandler):
    """As much of IMAP as somebody needs who only reads."""

    disable_nagle_algorithm = True
    box: Box
    closes_after: list[int]
    """After how many commands each connection ends, in turn; empty for never."""
    heard: list[str]

    def handle(self) -> None:
        """Answer commands until there are no more."""
        self._say("* OK ready")
        left = self.closes_after.pop(0) if self.closes_after else -1
        while left and (line := self.rfile.readline().decode().strip()):
            left -= 1
            tag, command, *rest = line.split(" ", 2)
            self.heard.append(command.upper())
            answer = getattr(self, f"_{command.lower()}", None)
            self._say(f"{tag} {answer(' '.join(rest)) if answer else 'BAD unknown'}")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _capability(self, _rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, rest: str) -> str:
        return "OK done" if rest == f'"{USER}" "{PASSWORD}"' else f"NO wrong: {rest}"

    def _examine(self, rest: str) -> str:
        if rest != '"INBOX"':
            return "NO no such mailbox"
        self._say(f"* {len(self.box)} EXISTS")
        return "OK [READ-ONLY] done"

    def _noop(self, _rest: str) -> str:
        return "OK done"

    def _logout(self, _rest: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _uid(self, rest: str) -> str:
        number = len(self.box)
        if found := re.fullmatch(r"SEARCH UID (\d+):\*", rest):
            first = min(int(found[1]), number)
            self._say(f"* SEARCH {' '.join(map(str, range(first, number + 1))) if number else ''}".rstrip())
            return "OK done"
        found = re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]\)", rest)
        assert found
        content = written(self.box[int(found[1]) - 1])
        self.wfile.write(b"* %s FETCH (UID %s BODY[] {%d}\r\n" % (found[1].encode(), found[1].encode(), len(content)))
        self.wfile.write(content + b")\r\n")
        return "OK done"


def written(mail: dict[str, str]) -> bytes:
    """Write a mail as it travels: encoded, and half of them as HTML alone."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = mail["subject"], "us@other.example", f"<{mail['to'].upper()}>"
    if "Code" in mail["text"]:
        message.set_content(f"<style>p{{color:#123456}}</style><p>{mail['text']}</p>", subtype="html", cte="base64")
    else:
        message.set_content(mail["text"], cte="quoted-printable")
    return bytes(message)


class ImapServer(ThreadingTCPServer):
    """A server that may speak TLS."""

    allow_reuse_address = daemon_threads = True
    context: ssl.SSLContext | None = None

    def get_request(self) -> Any:
        """Take a connection."""
        connection, address = super().get_request()
        return connection if self.context is None else self.context.wrap_socket(connection, server_side=True), address

    def handle_error(self, *_arguments: Any) -> None:
        """Say nothing of clients that hang up."""


@contextmanager
def serving_imap(
    box: Box, certificate: tuple[Path, Path] | None = None, closes_after: Sequence[int] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Serve a mailbox by IMAP, with TLS if there is a certificate; gives the port, and the commands that come."""
    heard: list[str] = []
    handler = type("Bound", (Imap,), {"box": box, "closes_after": list(closes_after), "heard": heard})
    with ImapServer(("127.0.0.1", 0), handler) as server:
        if certificate is not None:
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(*certificate)
        with _running(server):
            yield server.server_address[1], heard


class Mailpit(BaseHTTPRequestHandler):
    """As much of Mailpit as somebody needs who only reads."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    box: Box

    def do_GET(self) -> None:
        """Search, or show a mail."""
        parts = urlsplit(self.path)
        if parts.path == "/pit/api/v1/search":
            (wanted,), (limit,) = (parse_qs(parts.query)[name] for name in ("query", "limit"))
            found = [one for one in self._summaries() if wanted.removeprefix("to:") in one["To"][0]["Address"].lower()]
            return self._answer(200, {"messages": found[-int(limit) :][::-1]})
        number = re.fullmatch(r"/pit/api/v1/message/m(\d+)", parts.path)
        if number is None:
            return self._answer(404, "Not Found")
        mail, summary = self.box[int(number[1])], self._summaries()[int(number[1])]
        is_html = "Code" in mail["text"]
        text, html = ("", f"<p>{mail['text']}</p>") if is_html else (mail["text"], "")
        return self._answer(200, {**summary, "Text": text, "HTML": html})

    def _summaries(self) -> list[dict[str, Any]]:
        return [
            {
                "ID": f"m{number}",
                "Created": f"2026-01-15T10:00:00.{number:03}Z",
                "Subject": mail["subject"],
                "To": [{"Name": "", "Address": mail["to"].title()}],
            }
            for number, mail in enumerate(self.box)
        ]

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def serving_mailpit(box: Box) -> Iterator[str]:
    """Serve a mailbox as Mailpit does, under a path; gives the address."""
    with Server(("127.0.0.1", 0), type("Bound", (Mailpit,), {"box": box})) as server, _running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/pit"


@contextmanager
def _running(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
