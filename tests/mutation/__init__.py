"""What a team's tests notice."""
