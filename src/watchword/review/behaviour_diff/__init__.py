"""What differs in the answers of two sides, and what makes it differ."""
