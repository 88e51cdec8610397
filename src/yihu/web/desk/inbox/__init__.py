"""待办: what waits for whoever is at the desk."""
