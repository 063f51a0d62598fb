"""TinyDB's own tests, run over our tables."""
