"""The command line: ``watchword serve``, ``people``, ``rules``, ``export openapi``."""
