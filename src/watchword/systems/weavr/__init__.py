"""The core that the two products of Weavr share: programmes, users, sessions, passwords."""
