"""Those who work here, their posts and their relatives."""
