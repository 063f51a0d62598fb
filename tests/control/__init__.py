"""What a test or a person may do to a sandbox, without HTTP."""
