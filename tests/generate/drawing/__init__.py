"""Two pictures of the code: the house with its rooms, and the way of one request through them."""
