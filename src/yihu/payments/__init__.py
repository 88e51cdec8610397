"""Runs, accounts and bank files."""
