"""Benchmarks: each compares in one run what Yihu does with a peer or a bound, and checks that the answers are exact.

``make bench`` runs all of them; each also runs alone, as in ``python -m bench.one_family``.
"""
