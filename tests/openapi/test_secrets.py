"""
Whatever is a secret is marked so in the document of the control API: readers see everything else that is declared.

Of the imitated systems lint says so (`tests.review.lint.test_checks`).
"""

from watchword.build import Built
from watchword.review.lint.secrets import unmarked_secrets

NO_SECRETS = {
    "AdminEntry.code": "of a refusal",
    "AdminAskedRule.code": "of a refusal",
    "AdminExplanation.code": "of a refusal",
    "AdminWhatIf.code": "of a refusal",
    "AdminAnsweredRequest.code": "of a refusal",
    "AdminCode.code": "of a refusal, to search for",
    "AdminLoggedRequest.key": "of a parameter, in the words of WireMock",
}
"""What is named like a secret and is none, by component and name, for this reason."""


def test_every_text_with_the_name_of_a_secret_is_marked(built: Built) -> None:
    assert built.admin is not None
    found = unmarked_secrets(built.admin.document.content)
    assert {f"{steps[2]}.{name}" for steps, name in found} == NO_SECRETS.keys()
