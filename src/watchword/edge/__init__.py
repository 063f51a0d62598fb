"""What happens to every request around its handler, one idea a module."""
