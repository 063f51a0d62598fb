"""The review of documents."""
