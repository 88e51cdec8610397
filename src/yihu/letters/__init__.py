"""What families are told in writing."""
