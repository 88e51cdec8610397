"""Starts Yihu on one machine: installs it, runs PostgreSQL, prepares the database and keeps the web running."""
