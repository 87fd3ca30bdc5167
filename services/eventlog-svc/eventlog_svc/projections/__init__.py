"""What is kept of what others tell."""
