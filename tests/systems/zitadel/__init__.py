"""Tests of ZITADEL."""
