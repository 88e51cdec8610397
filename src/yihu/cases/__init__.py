"""The lawful way of an application."""
