"""Whether a document is well made, as far as what the imitated systems do can tell."""
