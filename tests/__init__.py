"""The tests, in folders named as the code they test."""
