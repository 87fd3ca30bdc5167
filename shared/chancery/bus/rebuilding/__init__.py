"""Filling a projection anew: the tables beside, what goes into them, and the change of places."""
