"""Families, their members and what is known of them."""
