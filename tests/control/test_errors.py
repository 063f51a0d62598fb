"""The family of errors."""

from watchword.control.errors import ControlError, NoSuchSandbox


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in ControlError.__subclasses__()]
    assert len(set(codes)) == len(codes)


def test_an_error_says_its_sentence() -> None:
    error = NoSuchSandbox("nobody")
    assert (str(error), error.code) == (error.sentence, "no-such-sandbox")
