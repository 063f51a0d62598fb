"""
What a test or a person may do to a sandbox, as plain functions: values in, values out.

Nothing here knows HTTP, JSON or pages: the callers (``admin`` today) read a request, call one of these functions
and shape what it returns.
Everything that cannot be done is a `ControlError`.
"""
