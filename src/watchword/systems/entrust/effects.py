"""What the operations leave behind."""

from watchword.domain.effect import SAVES, SENDS, Effects

EFFECTS: Effects = {"authenticate": SAVES, "delete_password": SAVES, "set_password": SENDS}
