"""Replays what real ZITADEL servers answered, and compares."""
