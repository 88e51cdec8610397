"""The pages: what residents and staff see."""
