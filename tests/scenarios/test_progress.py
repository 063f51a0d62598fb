"""How far a run is."""

from datetime import timedelta

from watchword.contract.progress import Progress


def test_it_is_said_how_far_something_is_once_it_was_quiet_for_ten_seconds() -> None:
    said, passed = list[str](), timedelta()

    def start() -> "Timer":
        return Timer(passed)

    class Timer:
        def __init__(self, began: timedelta) -> None:
            self.began = began

        def __call__(self) -> timedelta:
            return passed - self.began

    progress = Progress(said.append, start=start)
    progress.say("it begins")
    passed = timedelta(seconds=9.9)
    progress.go_on(lambda: "one of two")
    assert said == ["it begins"]
    passed = timedelta(seconds=10)
    progress.go_on(lambda: "one of two")
    progress.go_on(lambda: "two of two")
    assert said == ["it begins", "one of two"]
