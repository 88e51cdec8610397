"""What a family receives, from when to when."""
