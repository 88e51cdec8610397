"""Cases: applications and each of their steps."""
