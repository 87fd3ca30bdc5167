"""A day of a leader's research in the field (基层调研日): recorded, and struck where it was a mistake."""
