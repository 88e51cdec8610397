"""Policies on files: workbooks, CSV and Parquet in, results out, and the command ``yihu``.

Files speak yuan with at most two decimals; inside everything is integer fen. Knows no database and no web.
"""
