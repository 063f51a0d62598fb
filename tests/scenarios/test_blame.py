"""What a difference in a list is blamed on: the rule that says who is in the list, or how long it is."""

from datetime import date, timedelta

import pytest

from watchword.build import Options
from watchword.contract.examination import Examination
from watchword.contract.oracle import private_oracle, stand_in
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade


@pytest.mark.parametrize(
    ("system", "mutant", "scenario"),
    [
        ("weavr_multi", "weavr.users.listed/gone", "every_call_is_a_use_of_the_token_even_if_it_is_refused"),
        ("weavr_multi", "weavr.users.listed/wanted.email-unseen", "a_list_of_users_can_be_limited_to_an_address"),
        ("weavr_multi", "weavr.users.listed/wanted.active-not", "a_list_of_users_can_be_limited_to_those_who_are"),
        ("weavr_multi", "weavr.users.listed/wanted.offset-plus-1", "a_page_of_users_has_as_many_as_its_limit_says"),
        ("zitadel", "zitadel.users.page/limit-plus-1", "people_are_found_by_the_address"),
        ("zitadel", "zitadel.users.query/users-but-last", "everybody_is_found_by_id"),
        ("zitadel", "zitadel.users.query/result-but-last", "a_list_has_the_users_who_fit_every_query"),
        ("zitadel", "zitadel.sessions.visible/caller.memberships-but-last", "a_session_in_a_list_fits_every_query"),
    ],
)
def test_a_list_with_others_in_it_is_blamed_on_the_rule_that_makes_it(system: str, mutant: str, scenario: str) -> None:
    subject = SUBJECTS[system]
    with private_oracle(subject) as oracle, stand_in(Options(mutants=(mutant,))) as broken:
        target = broken.oracle(subject).driver
        day = date(2026, 1, 15)
        run = Examination(oracle, target, "", Grade.OBSERVED, (), day, timedelta(), lambda _line: None)
        run.play([one for one in subject.tell() if one.name.startswith(scenario)])
    assert {one.rule for one in run.findings} == {mutant.partition("/")[0]}
