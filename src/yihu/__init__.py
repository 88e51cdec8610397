"""Yihu 一户: the rooms of the house, lowest first; each uses only those below it."""
