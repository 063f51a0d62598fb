"""Facts of passwords that no vendor owns: no I/O, no clock, no framework."""
