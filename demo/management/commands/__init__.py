"""Commands that exist in a demonstration only."""
