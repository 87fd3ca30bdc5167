"""Bulletins (简报) that a unit sends up: how many it may have, and their issues."""
