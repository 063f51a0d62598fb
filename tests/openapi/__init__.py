"""What the hand-written documents keep to, so that readers, linters and generators can use them."""
