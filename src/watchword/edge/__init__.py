"""
What happens to every request around its handler, one idea a file.

``front`` is the ASGI application and calls the others in the order of a request:
sandboxes, bases, bodies, then Connexion (routing, gate, reading, security, dispatch), then
envelope, audit and sending.
"""
