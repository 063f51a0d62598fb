"""Whether a document is well made."""
