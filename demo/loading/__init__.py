"""Carries the invented district into the rooms, as those who work there would have done."""
