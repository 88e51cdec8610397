"""Pages for staff: dense, and quick from the keyboard."""
