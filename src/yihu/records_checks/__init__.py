"""What other departments know of a family."""
