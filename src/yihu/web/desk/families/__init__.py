"""Families: who lives where, their files, and why one looks into them."""
