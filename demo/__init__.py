"""The invented district that `make demo` shows: people, families, and what they live through in two years.

Everything is made from a seed and a day: the same two give the same district, and a family is the same
however many families there are. Nothing here knows Django or the rules; tests hold it against the rules.
"""
