"""A private stand-in behind the proxy: it gets every request too, and knows what should have been answered."""
