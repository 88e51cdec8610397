"""PostgreSQL as Django knows it, with the limit that comes with values that travel beside their statement."""
