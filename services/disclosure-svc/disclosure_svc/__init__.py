"""What is public is published."""
