"""Headers of requests as text."""

from watchword.edge.header_texts import Texts, read_headers


def test_requests_share_the_texts_of_the_same_headers() -> None:
    first, second = (read_headers({"headers": [(bytes([*b"x-name"]), bytes([*b"one"]))]}) for _ in range(2))
    assert first == second == {"x-name": "one"}
    assert first["x-name"] is second["x-name"]
    assert next(iter(first)) is next(iter(second))


def test_values_of_a_repeated_header_are_joined() -> None:
    sent = [(b"accept", b"a/b"), (b"host", b"here"), (b"accept", b"c/d")]
    assert read_headers({"headers": sent}) == {"accept": "a/b,c/d", "host": "here"}


def test_a_text_that_is_long_is_not_remembered() -> None:
    texts = Texts()
    assert texts[b"x" * 257] == "x" * 257
    assert not texts


def test_no_more_texts_are_remembered_than_so_many() -> None:
    texts = Texts()
    for number in range(texts.most + 1):
        assert texts[b"%d" % number] == str(number)
    assert list(texts) == [str(texts.most).encode()]
