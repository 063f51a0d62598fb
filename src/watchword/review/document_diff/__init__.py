"""What differs in two documents, and how much each difference matters to clients."""
