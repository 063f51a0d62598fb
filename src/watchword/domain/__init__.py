"""What is true of passwords in every system: no I/O, no framework, no vendor."""
