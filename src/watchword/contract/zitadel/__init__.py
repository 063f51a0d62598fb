"""What scenarios of ZITADEL say, and who is in them."""
