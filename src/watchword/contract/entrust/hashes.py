"""Hashes to import, as another system would have stored them."""

from collections.abc import Mapping

HASHES: Mapping[str, str] = {
    "Copper-Lantern-58-Harbour": "$2b$04$Njbwizy5DRVfOVP3YecXPOxl3tRGNG0MziIMiAIpyqbqPwsBrBB0i",
    "Silent+Meadow+7720": "$2b$04$2cKgKoMt/jAdT9Wq6Kx0vu.n0ujEzInPSBTmrYe26yyCG8brtRkPO",
    "Marble!Window!3391": "$2b$04$NUkLpugmhGrAJF2oLuypSuX8P9pXSxNffjFqj0.xZeE5G.oVKdyLe",
    "Velvet~Anchor~6015": "$2b$04$5J8jCjDLqdPXW3HXLhUOmOOHwP7df824gCZc0hNJ4gw1SeG5jZfEa",
}
"""A bcrypt hash of cost 04 for each of some passwords that the policy accepts."""
PASSWORDS: Mapping[str, str] = {stored: plain for plain, stored in HASHES.items()}
"""The other way round."""
