"""A seat: a post, of one unit where it is a unit's, and who holds it from when to when (职位)."""
