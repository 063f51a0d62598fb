"""Whom a search for users finds, and in which order."""

from watchword.contract.zitadel.scenarios.users import finds, ids_of
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import Topic

about = Topic("Searching for users")


@about.scenario("zitadel.users.query")
def everybody_is_found_by_id(story: Story) -> None:
    instance_owner = story.person("instance-owner")
    for one in story.people("member", "manager", "strict", "sign-in", "instance-owner"):
        finds(instance_owner.searches(ids_of(one)), "1", one)


@about.scenario("zitadel.users.query", shows=["zitadel.users.page"])
def people_are_found_by_the_address_that_they_are_shown_with(story: Story) -> None:
    member, bystander, manager = story.people("member", "bystander", "manager")
    manager.reads(member).answers(200)
    both, by_address = ids_of(member, bystander), {"sortingColumn": "USER_FIELD_NAME_EMAIL"}
    manager.searches(both, **by_address).answers(200, "found").showing("/details/totalResult", "2")
    for query in (
        {"emailQuery": {"emailAddress": member.address}},
        {"emailQuery": {"emailAddress": member.address, "method": "TEXT_QUERY_METHOD_ENDS_WITH"}},
        {"inUserEmailsQuery": {"userEmails": [member.address]}},
    ):
        finds(manager.searches(both, query), "1", member)


@about.scenario("zitadel.users.page")
def a_list_is_sorted_by_the_state_that_the_request_names(story: Story) -> None:
    manager = story.person("manager")
    people = list(story.people("member", "deactivated", "locked", "newcomer"))
    by_state, everybody = {"sortingColumn": "USER_FIELD_NAME_STATE"}, ids_of(*people)
    for place, one in enumerate(people):
        for offset, ascending in ((place, True), (len(people) - 1 - place, False)):
            page = {"limit": 1, "offset": offset, "asc": ascending}
            finds(manager.searches(everybody, query=page, **by_state), "4", one)
