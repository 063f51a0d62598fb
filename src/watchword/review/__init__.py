"""What a reviewer of a document is told: whether it is well made, and what a proposal changes."""
