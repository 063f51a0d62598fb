"""What Weavr's two products share: programmes, users, sessions, passwords. A vendor's core, not a system."""
