"""What consumers use: the client, the pytest plugin, ``watchword exec``."""
