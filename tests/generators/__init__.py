"""Linters, generators and testers of others, given the document: whole, and each system's."""
