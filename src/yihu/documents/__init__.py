"""Papers that come in and go out."""
