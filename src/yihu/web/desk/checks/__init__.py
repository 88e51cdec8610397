"""核对: what other departments are asked, and what came of it."""
