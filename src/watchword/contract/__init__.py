"""Contract tests of any server: scenarios and random walks, in step with a private stand-in that knows every answer."""
