"""Digests as pages to read."""
