"""Divisions and the offices in them: where someone can turn to, and later who may act where."""
