"""What scenarios of both Weavr products say, and who is in them."""
