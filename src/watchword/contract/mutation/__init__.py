"""Would a team's own tests notice a mistake: which mutants to try, what came of each, and how that is told."""
