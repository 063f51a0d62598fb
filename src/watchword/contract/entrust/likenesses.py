"""How the fields and headers of Entrust's answers have to be alike on two servers."""

from watchword.contract.comparison import Likeness, Likenesses

LIKENESSES: Likenesses = {
    **dict.fromkeys(("authToken", "newPassword"), Likeness.ROLE),
    **dict.fromkeys(
        ("lastChangedTime", "expiryTime", "expiryNotificationDate", "creationTime", "expirationTime"), Likeness.MOMENT
    ),
    # Nothing public says how a strength is estimated: only that there is a number.
    **dict.fromkeys(("errorMessage", "score"), Likeness.TEXT),
    **dict.fromkeys(("parameters", "suggestions"), Likeness.OWN),
    "retry-after": Likeness.SECONDS,
}
"""The envelope of a refusal is published, what stands in its ``parameters`` is not."""
