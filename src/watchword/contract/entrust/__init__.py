"""What scenarios of Entrust say, and who is in them."""
