"""The seed people of a sandbox."""

from watchword.build import Built
from watchword.control.people import find_people
from watchword.sandbox import DEFAULT


def test_the_people_of_every_system_are_found(built: Built) -> None:
    found = find_people(built.imitated.sandboxes, DEFAULT)
    assert {one.system for one in found} == {"weavr_multi", "weavr_payment_run", "zitadel", "entrust"}


def test_people_are_found_by_system_and_situation(built: Built) -> None:
    sandboxes = built.imitated.sandboxes
    everybody = find_people(sandboxes, DEFAULT)
    found = find_people(sandboxes, DEFAULT, system="zitadel", situation="locked")
    assert found == tuple(one for one in everybody if one.system == "zitadel" and "locked" in one.situations)
    assert 0 < len(found) < len(find_people(sandboxes, DEFAULT, situation="locked"))
    assert find_people(sandboxes, DEFAULT, situation="asleep") == ()
