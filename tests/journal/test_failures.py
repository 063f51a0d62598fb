"""An entry that cannot be read or written costs only itself."""

from typing import cast

import pytest

from tests.conftest import Api
from tests.journal.conftest import Entries
from watchword.build import Built
from watchword.edge.concerned import People
from watchword.journal import Journal
from watchword.journal.captured import Captured, Outside, note_outside
from watchword.journal.coverage import Coverage
from watchword.journal.explanation import explain
from watchword.journal.reading import Reader
from watchword.system import Answer

SECRET = "Secret-Number-42"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"x=1", FORM),
        (b"grant_type=password&password=Secret-Number-42", FORM),
        (b"", FORM),
        (b"\xff\x00Secret-Number-42", "application/octet-stream"),
        (
            b'--b\r\ncontent-disposition: form-data; name="x"\r\n\r\nSecret-Number-42\r\n--b--',
            "multipart/form-data; boundary=b",
        ),
        (b"[" * 500, "application/json"),
        (b"1" * 400, "application/json"),
        (b'"\\ud800"', "application/json"),
    ],
    ids=["a form", "a form with a secret", "nothing", "bytes", "parts", "depth", "a long number", "a surrogate"],
)
@pytest.mark.parametrize("path", ["/oauth/v2/token", "/v2/sessions", "/multi/passwords/validate", "/nowhere"])
def test_whatever_is_sent_its_entry_is_read(api: Api, entries: Entries, path: str, content: bytes, kind: str) -> None:
    api.request("POST", path, content=content, headers={"content-type": kind})
    answer = api.call("admin.journal")
    assert (answer.status, len(answer.body["entries"]), answer.body["entries"][0]["reason"]) == (200, 1, None)
    assert SECRET not in answer.content.decode()
    for operation in ("admin.entry", "admin.explain_entry"):
        assert api.call(operation, path={"id": "last"}).status == 200


def test_a_form_is_shown_as_its_document_reads_it(api: Api, entries: Entries) -> None:
    form = b"grant_type=client_credentials&scope=openid&client_secret=Secret-Number-42"
    api.request("POST", "/oauth/v2/token", content=form, headers={"content-type": FORM})
    body = entries()[0]["request"]["body"]
    assert (body["grant_type"], body["scope"], body["client_secret"]) == ("client_credentials", "openid", "***")


def captured(number: int, body: object) -> Captured:
    return Captured(*note_outside(Outside("", "GET", f"/{number}"), Answer(400, body), 1), number)


def test_an_entry_that_cannot_be_written_says_so_alone_and_the_log_says_where(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    assert built.journal is not None
    reader = Reader(built.journal.id_of, lambda _: People(), built.imitated.nearest)
    fine, broken = (reader.read(captured(number, body)) for number, body in ((6, {"fine": True}), (7, SECRET.encode())))
    assert (fine.reason, fine.response.body) == ("", {"fine": True})
    assert (broken.reason, broken.response.status, broken.response.body) == ("internal-error", 400, None)
    assert explain(broken, {}).sentence.startswith("A defect of Watchword keeps the journal from showing it")
    (line,) = caplog.messages
    assert line.startswith("entry 7 of the journal cannot be read: TypeError")
    assert SECRET not in line


def test_a_request_that_cannot_be_counted_breaks_no_other(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(capacity=1, memory_bytes=100_000, prefix="00000000", ticks=lambda: 1)
    coverage = Coverage(journal, complete=True)
    for number in (1, 2, 3):
        journal.note_unread("HTTP", 400, cast("str", ["broken"]) if number == 1 else "timeout")
    assert coverage.total.requests == {"": 2}
    (line,) = caplog.messages
    assert line.startswith("entry 1 of the journal cannot be read: TypeError")
