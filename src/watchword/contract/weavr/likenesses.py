"""How the fields and headers of Weavr's answers have to be alike on two servers."""

from watchword.contract.comparison import Likeness, Likenesses

LIKENESSES: Likenesses = {
    **dict.fromkeys(("token", "password", "id", "buyerId", "userId", "email"), Likeness.ROLE),
    **dict.fromkeys(("message", "name", "surname"), Likeness.TEXT),
    **dict.fromkeys(
        ("mobile", "dateOfBirth", "tag", "countryOfResidence", "locale", "brand", "roles", "addedBy"), Likeness.OWN
    ),
    "expiryDate": Likeness.MOMENT,
    "request-ref": Likeness.ROLE,
    "x-ratelimit-reset": Likeness.SECONDS,
}
